"""Pages that are pictures: handed to a recogniser of text, lines made of what it returns."""
