"""The evaluation: reads answers and a codebook, and writes a report that tells the truth about small groups."""

import os

# Before NumPy is loaded: our matrices are as small as a form is long, and its threads would spend a fifth of a report's
# CPU waiting for one another. Whoever has set it keeps what was set.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
