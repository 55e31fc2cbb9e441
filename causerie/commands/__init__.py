"""The commands beside `serve` and `migrate`, one module each. Importing one is quick: what it needs is imported when it runs."""
