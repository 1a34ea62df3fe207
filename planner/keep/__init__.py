"""Next year's plan: what was built stays as it was built, the rest is planned anew, near to the plan of before."""
