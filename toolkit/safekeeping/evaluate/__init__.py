"""The evaluation: reads answers and a codebook, and writes a report that tells the truth about small groups."""

import os

# Before NumPy and Polars are loaded: a workshop's answers are a small table, and the matrices are as small as a form is
# long. Threads would spend up to a fifth of a report's CPU waiting for one another. Whoever has set it keeps that.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("POLARS_MAX_THREADS", "1")
