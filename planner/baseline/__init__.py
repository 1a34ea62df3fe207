"""The inventory before any plan: a park's energy in tce and its emissions by source, on both bases, against its own bills."""
