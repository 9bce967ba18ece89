"""Results and failures: their tables, plots, details and files."""
