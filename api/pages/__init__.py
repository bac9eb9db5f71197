"""HTML pages of the papers: the targets of permalinks, rendered on the server, readable without scripts."""
