"""The brain, without I/O: which node runs which tasks, and what counts when it reports. Time comes in."""
