"""The decomposed method: Benders decomposition (Benders 1962), stabilised by in-out trials (`iterations`)."""
