"""Which lines are title, body, signature, contents, footnotes, a paper within a notice."""
