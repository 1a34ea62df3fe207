"""The whole method: investment and operation of all years as one mixed-integer programme."""
