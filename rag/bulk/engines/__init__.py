"""What runs the work: this process, a pool of processes, or Ray."""
