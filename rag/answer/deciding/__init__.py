"""Decides what a reply from clauses and metadata says: a refusal, a correction, or which quotes."""
