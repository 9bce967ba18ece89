"""Who may come in to a master: its certificate and keys, the links of them, and who did not prove one."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["call_check", "kept_identity", "lease_tokens", "link_keeper", "node_names", "peer_text_limits"]
