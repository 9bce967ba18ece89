"""Environments, job documents, examples, and files that are dropped."""
