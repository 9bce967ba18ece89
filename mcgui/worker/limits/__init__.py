"""The owner's limits, as the panel and the preferences show them."""
