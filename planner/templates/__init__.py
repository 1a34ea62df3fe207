"""New parks: from an example, or blank with a row of each table, as a folder or as a workbook; and what describes a folder."""
