"""Everything that the installation calls on behalf of its users goes out by here: API calls of bots, webhooks.

Users choose the addresses, so this is a door that looks outward only. Nothing else in the house makes HTTP requests for them.
"""
