"""What a person reads: the languages, the words for names and headings, sentences of a run, and text for the console.

The ground of `planner`: imports nothing of it.
"""
