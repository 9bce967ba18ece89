"""What travels between client, master and nodes, and how: messages, their codec, TLS connections, calls, links."""
