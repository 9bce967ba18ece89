"""What is known of the source while it is typed: problems, completion, signatures."""
