"""What is found for a question before the reply is decided: its meaning, clauses and scored sentences."""
