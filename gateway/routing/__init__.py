"""Routing under `/api/v2`: agents' availability, as Zendesk's Agent Availability API has it, and what waits in the queues."""
