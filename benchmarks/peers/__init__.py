"""Causerie beside what one would use instead: the same task, by the same driver, in the same run.

The task: a visitor's message is accepted, made durable, acked to its sender and delivered to a subscribed agent. `system.py` says what
a system has to offer, each of the other modules offers it for one of them, and `driver.py` measures them all alike. What came out is
explained in docs/explanation/compared.md.
"""
