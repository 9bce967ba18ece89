"""The panel of the environment: its open files, what they are kept by, and what changes them from outside."""
