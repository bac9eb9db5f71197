"""Commands on support facts: `zhengwen facts`, `edit-fact`."""
