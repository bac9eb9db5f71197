"""Reads profiles and conditions: classes, words, quantities and places."""
