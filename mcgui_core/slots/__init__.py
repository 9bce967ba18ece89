"""Where chunks run: the interface that a node feeds, our processes, any executor, Dask; and what runs in a slot."""
