"""The workbench: parks and runs of one folder in a browser, `plan serve`.

Everything that it shows and changes are the folders of parks and runs; what is planned, asked and written is done by commands of
ours in processes of their own. No other command imports anything of it.
"""
