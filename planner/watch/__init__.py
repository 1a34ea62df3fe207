"""What to watch once a plan is made: at which capital cost and price each order goes out, and whether new tables are there yet."""
