"""Results as a plot: what is drawn, how, and as which file."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["chart_content", "plot_fields", "plot_files", "plot_view", "results_plot"]
