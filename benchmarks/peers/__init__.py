"""The benchmark park in the hands of others: each file states the same optimum in another tool."""
