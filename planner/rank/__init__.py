"""Which figure to get next: each assumed figure at its low and its high, planned anew, ranked by what it changes."""
