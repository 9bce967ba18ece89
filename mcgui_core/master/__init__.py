"""The master's process: the server, what each connection may ask for, and the hub (scheduler and journal)."""
