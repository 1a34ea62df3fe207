"""A lower bound of a park over all hours of all years: an outer approximation with cuts of the months."""
