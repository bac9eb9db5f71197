"""Excel files: sheets as tables, values as displayed."""
