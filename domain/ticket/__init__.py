"""Tickets: what people ask for, and what becomes of it."""
