"""Lets `python -m safekeeping …` do what `safekeeping …` does."""

import sys

from safekeeping.cli import main

sys.exit(main())
