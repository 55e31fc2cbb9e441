"""What a message's content says, to whoever reads only words."""

from __future__ import annotations

from domain.content import FormResponseContent, TextContent, load_content, plain_text
from domain.forms import answer_values


def words_of(stored: bytes) -> tuple[str, str | None, dict[str, str] | None]:
    """(plain text, payload of the reply that was pressed, answers of a form by name) of a message's content."""
    content = load_content(stored)
    if isinstance(content, TextContent):
        return content.text or plain_text(content), content.payload, None
    fields = answer_values(content.fields) if isinstance(content, FormResponseContent) else None
    return plain_text(content), None, fields
