"""The facts of all papers in use: filtered, paged, put into tables."""
