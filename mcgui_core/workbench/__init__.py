"""The child process for the user's code on this computer, and the one in which a single task is tried."""
