"""Sums and rates of a sentence: what they are, how they are limited, and what they are for."""
