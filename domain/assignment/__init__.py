"""Routing: which agent gets which work."""
