"""The environment: its editor, the open files, and what is known of the source."""
