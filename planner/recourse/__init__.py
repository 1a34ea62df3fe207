"""Planning with recourse: what is shared until it is known which future has come, as one programme over all of them."""
