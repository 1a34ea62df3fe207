"""Making a certificate of a run: what it says, its tables, and a programme whose bound multipliers prove."""
