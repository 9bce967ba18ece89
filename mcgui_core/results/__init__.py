"""Outcomes opened, searched, plotted, reduced, exported."""
