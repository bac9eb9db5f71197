"""OFD files (GB/T 33190): container, pages, tables."""
