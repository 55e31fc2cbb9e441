"""What `causerie tail` knows of a stream: up to which seq each conversation was shown, and what to ask for when one is behind.

Pure: frames in, lines and frames out. It reads no socket and no clock.
"""

from __future__ import annotations

from typing import Any

Frame = dict[str, Any]


class Following:
    """One conversation, or the inbox of all.

    Every event is shown once and in order of seq. The inbox itself is only a hint: where one of its events is not the next
    of its conversation, or a snapshot is further than what was shown, the conversation's own topic fills what is between.
    """

    def __init__(self, conversation: str | None, after: int = 0) -> None:
        """`after`: the last seq that is known already, for one conversation."""
        self._only = conversation
        self._shown: dict[str, int] = {} if conversation is None else {conversation: after}
        self._wanted: dict[str, int] = {}
        self._began = False

    def begin(self) -> list[Frame]:
        """What to say after the welcome, on every connection."""
        self._wanted.clear()
        return [{"type": "subscribe", "topic": "inbox"}] if self._only is None else [self._subscribe(self._only)]

    def take(self, frame: Frame) -> tuple[list[Frame], list[Frame]]:
        """(event frames to show, frames to send) after a frame of the server."""
        if frame["type"] == "event":
            return self._event(frame)
        if frame["type"] == "subscribed" and frame["topic"] == "inbox":
            return [], self._snapshot(frame["conversations"])
        return [], []

    def lose(self, topic: str | None) -> bool:
        """A topic was refused. Whether it goes on without: what was removed from under the inbox is no loss, the one conversation is."""
        conversation = (topic or "").partition(":")[2]
        if self._only is not None or conversation not in self._wanted:
            return False
        self._shown[conversation] = self._wanted.pop(conversation)
        return True

    def _snapshot(self, conversations: list[dict[str, Any]]) -> list[Frame]:
        """The first one says where live begins; a later one, what was missed while the connection was away."""
        first, self._began = not self._began, True
        asked: list[Frame] = []
        for one in conversations:
            if first:
                self._shown[one["id"]] = one["seq"]
            elif one["seq"] > self._shown.get(one["id"], 0):
                asked += self._behind(one["id"], one["seq"])
        return asked

    def _event(self, frame: Frame) -> tuple[list[Frame], list[Frame]]:
        conversation, seq = frame["conversation"], frame["seq"]
        if seq is None:
            return [frame], []
        shown = self._shown.setdefault(conversation, seq - 1)
        if seq <= shown:
            return [], []
        if seq > shown + 1:
            return [], self._behind(conversation, seq)
        self._shown[conversation] = seq
        return [frame], self._caught_up(conversation, seq)

    def _behind(self, conversation: str, seq: int) -> list[Frame]:
        new = conversation not in self._wanted
        self._wanted[conversation] = max(seq, self._wanted.get(conversation, 0))
        return [self._subscribe(conversation)] if new else []

    def _caught_up(self, conversation: str, seq: int) -> list[Frame]:
        if self._only is not None or seq < self._wanted.get(conversation, seq + 1):
            return []
        del self._wanted[conversation]
        return [{"type": "unsubscribe", "topic": f"conversation:{conversation}"}]

    def _subscribe(self, conversation: str) -> Frame:
        return {"type": "subscribe", "topic": f"conversation:{conversation}", "after": self._shown.get(conversation, 0)}
