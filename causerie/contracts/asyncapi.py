"""AsyncAPI of the stream: from the structs of the frames that are read, the types of those that are written, and the events themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from causerie.contracts.schemas import Json, Schemas
from domain.assignment import events as routed
from domain.content import Content
from domain.conversation import events as told
from domain.message_post import Destination, Override, Reference
from gateway.described import Fields, Id, Instant
from gateway.stream import frames, shown

_ABOUT = (
    "One protocol for visitors, agents and programs. Each WebSocket message is text and holds one or more lines, each a JSON "
    "object, divided by a newline. stream.md says what the frames mean. Later versions may send more fields, and events of more types."
)
_CHANNELS = {
    "messagingStream": ("/messaging/v1/stream", "For visitors, with a token of POST /messaging/v1/sessions."),
    "agentStream": ("/agent/v1/stream", "For agents and programs, with a token of POST /agent/v1/sessions."),
}
#: What events hold as JSON that was checked before.
_RAW: Mapping[str, Any] = {
    "content": Content,
    "references": list[Reference],
    "destination": Destination,
    "override": Override,
    "quotedMessage": Fields({"type": str}, {"message": dict[str, Any], "externalMessageId": str}),
}
_WHISPERS = {kind.type: kind for kind in get_args(told.Whisper)}


def document() -> Json:
    schemas = Schemas()
    said = {str(kind.__struct_config__.tag): schemas.inline(kind, is_told=False) for kind in get_args(frames.Frame)}
    heard = {name: schemas.inline(kind, is_told=True) for name, kind in shown.FRAMES.items()}
    events = {"Event": _events({**told.STORED, **_WHISPERS}, schemas), "RoutingEvent": _events(routed.STORED, schemas)}
    _open(schemas)
    said["message"]["properties"]["content"] = schemas.told(Content)
    messages = {name: _message(payload) for name, payload in {**said, **heard}.items()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Causerie's stream", "version": "0.1.0", "description": _ABOUT, "license": {"name": "Apache-2.0"}},
        "defaultContentType": "application/json",
        "servers": {"local": {"host": "127.0.0.1:8080", "protocol": "ws"}},
        "channels": {name: _channel(*words, messages) for name, words in _CHANNELS.items()},
        "operations": _operations(list(said), list(heard)),
        "components": {"messages": messages, "schemas": dict(sorted({**schemas.named, **events}.items()))},
    }


def _open(schemas: Schemas) -> None:
    """A message's parts are kept as they were written: here they are told as what they are."""
    parts = schemas.named["Message"]["properties"]
    for name, form in _RAW.items():
        parts[name] = schemas.told(form)


def _events(kinds: Mapping[str, type], schemas: Schemas) -> Json:
    """One of many, by its type."""
    always = {"id": Id, "createdAt": Instant}
    found = []
    for name, kind in kinds.items():
        shape = schemas.told(Fields(always))
        shape["properties"] |= {"type": {"const": name}, "payload": schemas.told(kind)}
        found.append(shape | {"required": list(shape["properties"])})
    return {"description": "What was told, by its type.", "anyOf": found}


def _message(payload: Json) -> Json:
    return {"summary": payload.pop("description"), "payload": payload}


def _channel(address: str, words: str, messages: Iterable[str]) -> Json:
    return {"address": address, "description": words, "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages}}


def _operations(said: list[str], heard: list[str]) -> Json:
    return {
        "visitorSays": _operation("receive", "messagingStream", said, shown.OF_AGENTS),
        "visitorHears": _operation("send", "messagingStream", heard, shown.HEARD_BY_AGENTS),
        "agentSays": _operation("receive", "agentStream", said, shown.OF_VISITORS),
        "agentHears": _operation("send", "agentStream", heard, ()),
    }


def _operation(action: str, channel: str, names: Iterable[str], without: Iterable[str]) -> Json:
    messages = [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names if name not in without]
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "messages": messages}
