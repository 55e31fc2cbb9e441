"""The schema's history. Expand, then contract: two versions of the program may run at once."""
