"""Starting nodes: one home, its lock, the processes of each node, and the demonstration of two."""
