"""Web pages: elements, the paper in the page, its tables and links; pages saved as MHTML."""
