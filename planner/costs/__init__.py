"""Cost tables of others brought into the layout of costs.csv: PyPSA's technology-data, NREL's ATB, suppliers' quotes."""
