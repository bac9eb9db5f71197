"""Prepares papers and facts for matching: what does not depend on a profile is read once."""
