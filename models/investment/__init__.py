"""The decisions over the years: builds, retirements, measures, planting, budget. Small and mixed-integer."""

from models.investment.build import build_investment, links_of

__all__ = ["build_investment", "links_of"]
