"""The schema's history. Expand, then contract: two versions of the program may run at once.

Each migration says by `compatible_from` which is the oldest schema whose program may go on working on what it makes.
"""
