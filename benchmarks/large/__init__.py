"""Measures the program with up to a million clauses in tens of thousands of papers."""
