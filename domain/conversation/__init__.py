"""The kind `conversation`: what it may be told, what it tells, what it remembers, and the rules between them."""
