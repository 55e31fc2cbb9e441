"""The runtime of virtual actors: activations in hosts, links from gateways to hosts, placement, effects. `cluster` alone knows Ray."""
