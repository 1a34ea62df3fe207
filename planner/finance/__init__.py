"""Financial statements: who gains what by a plan, its accounts with tax and debt, and the figures of an investment."""
