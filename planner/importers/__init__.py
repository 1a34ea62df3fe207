"""What people have brought into a park: meters, shapes, weather, sessions, bills, tariffs, costs; and its bills beside its data."""
