"""Measures of support facts, of what is said to apply to an enterprise, and of tables of facts."""
