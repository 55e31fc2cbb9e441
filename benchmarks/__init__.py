"""Measurements that anyone can repeat. Never part of what is served."""
