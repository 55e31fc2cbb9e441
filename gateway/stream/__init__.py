"""The stream for visitors and agents: one protocol, two sets of rights. See docs/reference/stream.md."""
