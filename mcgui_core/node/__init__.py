"""The agent of a worker: leases chunks, feeds its slots, reports, and sends heartbeats."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["agent", "agent_main", "executor_node"]
