"""The clause tree of the body: labels, headings, paragraphs behind lists, closing provisions."""
