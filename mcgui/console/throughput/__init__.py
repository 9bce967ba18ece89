"""The plot of tasks per second."""
