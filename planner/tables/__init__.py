"""What commands leave behind: where it is written, what it consists of, and how it is read back."""
