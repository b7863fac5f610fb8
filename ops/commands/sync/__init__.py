"""How DAGs reach the bucket: the local tree, the manifest of what was sent, and the transfer."""
