"""What two papers differ in: facts paired by subject and words, and compared field by field."""
