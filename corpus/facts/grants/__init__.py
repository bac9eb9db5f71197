"""Reading of what a paper gives: sums, rates, their roles, and who gets them."""
