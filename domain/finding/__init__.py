"""How tickets and people are looked for: searches and views as trees of tests. Pure."""
