"""From a match to a handshake between two nodes: state derived from two logs, identities by double opt-in."""
