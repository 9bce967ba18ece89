"""How a client comes in to a master, and who else may: links, where they are left and found, and nodes kept away."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["cluster_access", "link_files", "misplaced_link"]
