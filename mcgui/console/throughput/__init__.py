"""The plot of tasks per second."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["plot_parts", "throughput_history", "throughput_plot"]
