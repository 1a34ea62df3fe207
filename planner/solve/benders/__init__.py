"""The decomposed method: Benders decomposition (Benders 1962), stabilised by a level set (Lemaréchal et al. 1995)."""
