"""Tariffs as they are written, levels in money with parts that are added, become prices and factors of a park; and are drawn."""
