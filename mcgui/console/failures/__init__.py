"""The failures of a job: grouped, in a line each, and one of them whole."""
