"""`python -m coach`: the same as the console script."""

import sys

from coach.cli import main

if __name__ == "__main__":
    sys.exit(main())
