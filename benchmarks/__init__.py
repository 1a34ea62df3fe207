"""Benchmarks with peers, and tests with the tools that read our exports; run by hand and in CI, never imported by the planner."""
