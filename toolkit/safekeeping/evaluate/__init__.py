"""The evaluation: reads answers and a codebook, and writes a report that tells the truth about small groups."""
