"""Results as a plot: what is drawn, how, and as which file."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["chart_content", "plot_files", "plot_frame", "results_plot"]
