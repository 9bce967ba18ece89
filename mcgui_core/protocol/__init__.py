"""What travels between client, master and nodes, and how: messages, their codec, TLS connections, calls, links."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "agent_events",
    "certificate",
    "codec",
    "dask_address",
    "field_types",
    "job_check",
    "join_link",
    "known_masters",
    "lan_discovery",
    "option_kinds",
    "own_address",
    "pipe_channel",
    "queries",
    "reasons",
    "rpc_client",
    "run_options",
    "transport",
]
