"""What editors correct in facts: other words of the clause, and facts that are wrong."""
