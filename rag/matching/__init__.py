"""Which support facts apply to an enterprise, with the words of the paper that decide it."""
