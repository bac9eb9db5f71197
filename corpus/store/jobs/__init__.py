"""Files that were accepted to be read: the queue, each step, the watched folder."""
