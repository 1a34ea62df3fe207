"""`python -m planner`: the command line, where no script of the name `plan` is installed."""

from planner.start import main

if __name__ == "__main__":
    main()
