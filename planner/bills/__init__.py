"""Bills of energy, as accountants keep them, become bills.csv, a demand and a price of a park."""
