"""report.html: one page that opens from disk, made from the output tables alone."""
