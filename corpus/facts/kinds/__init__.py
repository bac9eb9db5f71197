"""Reads facts of each kind, but money, from a sentence."""
