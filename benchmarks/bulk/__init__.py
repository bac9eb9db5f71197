"""Measures bulk ingest: engines side by side, and kills."""
