"""The papers as pages: what a permalink shows, made on the server and read without any script."""
