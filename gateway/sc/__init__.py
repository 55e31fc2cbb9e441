"""`/sc/v2`: the Sunshine Conversations API, version 2."""
