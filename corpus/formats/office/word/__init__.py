"""Word files: blocks, automatic numbering, tracked changes, notes."""
