"""The agent of a worker: leases chunks, feeds its slots, reports, and sends heartbeats."""
