"""For people who write the course: checks over content and notebooks, coverage, and starter files."""
