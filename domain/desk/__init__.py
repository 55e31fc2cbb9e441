"""The desk: what an app has set up for its agents, by version."""
