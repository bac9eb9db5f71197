"""One module for each program that is compared, with a function `opened` that returns its `Side`."""
