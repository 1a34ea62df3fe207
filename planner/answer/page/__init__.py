"""report.html: one page that opens from disk, made from the output tables alone."""

from planner.answer.page.page import make_page, write_page

__all__ = ["make_page", "write_page"]
