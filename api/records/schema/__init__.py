"""Tables of the records, and their database: opened, upgraded, written by one process at a time."""
