"""The jobs: their table, and what is done with them."""
