"""Measures what survives kills, damaged files and full disks."""
