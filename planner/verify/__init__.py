"""Verifying a certificate: what a plan costs, keeps and is proven of, by arithmetic, from one file; no solver, model or park."""
