"""The panel of the worker: one narrow column, a file for each part of it."""
