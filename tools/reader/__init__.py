"""Trains the reader, index/data/reader.npz: `python -m tools.reader --help`. README.md describes the data."""
