"""The small words of a flow: ids, languages, references, texts, and how long each may be."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

MAX_TEXT = 4096
MAX_LANGUAGES = 20

# `$(?!\n)` ends the text in Python and in ECMAScript, whose words the published schema speaks.
Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$(?!\n)", max_length=64)]
VariableName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$(?!\n)", max_length=64)]
Reference = Annotated[str, Meta(pattern=r"^[a-z][A-Za-z0-9_.]*$(?!\n)", max_length=64)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$(?!\n)", max_length=35)]

Words = Annotated[str, Meta(max_length=MAX_TEXT)]
#: One text in several languages.
Text = Annotated[dict[Language, Words], Meta(max_length=MAX_LANGUAGES)]

#: What a placeholder may name besides the flow's own variables. All are texts; `said` is what the customer wrote last.
FACTS: Final = ("user.name", "user.email", "user.externalId", "channel", "locale", "said")
#: Names that no variable may have, so that a reference means one thing.
RESERVED: Final = frozenset({"user", "channel", "locale", "said", "secret"})
