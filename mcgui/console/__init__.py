"""The console: the window in which jobs are written, run and watched."""
