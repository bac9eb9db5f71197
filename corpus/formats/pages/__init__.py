"""Text of pages with positioned lines: columns, paragraphs, running heads, tables."""
