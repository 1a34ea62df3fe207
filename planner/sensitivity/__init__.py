"""What could change a plan: each leading figure at its low and its high, planned anew on few days."""
