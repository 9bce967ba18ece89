"""Where the arguments of a job come from: an expression, a file, a folder or a sweep, read lazily."""
