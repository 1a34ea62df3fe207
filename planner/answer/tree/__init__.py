"""A plan for several futures as files: tables, summary, the shared first page, and the output of each future."""
