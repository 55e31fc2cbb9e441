"""Tickets, users and searches under `/api/v2`, as Zendesk's Support API has them. What agents set up is in `gateway.desk`."""
