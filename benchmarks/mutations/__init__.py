"""Measures what becomes of damaged files."""
