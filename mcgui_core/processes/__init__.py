"""Processes of ours: how they are started, watched and ended."""
