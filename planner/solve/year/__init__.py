"""The operation of a year on typical days: the subproblem of the decomposed method, which gives a Benders cut."""
