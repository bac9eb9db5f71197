"""Reads what stands around a fact: how binding it is, who is in charge, for which places."""
