"""Makes papers in many forms, for measurements: text, HTML, Word, OFD, PDF."""
