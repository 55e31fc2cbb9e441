"""`/api/v2/help_center`: categories, sections, articles, translations, labels, votes and search, as Zendesk's Help Center API has them."""
