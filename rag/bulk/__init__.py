"""Bulk ingest: many files read, parsed and embedded by several processes or machines, stored by one."""
