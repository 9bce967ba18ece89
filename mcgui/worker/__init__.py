"""The tray worker: joins this computer to a cluster, and shows its owner what it does there."""
