"""Reads PDF files: pdfium in a child process, and what makes lines and rows of its characters."""
