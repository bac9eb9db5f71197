"""Stores the support facts of papers, and what editors have corrected in them."""
