"""The three families of failure: refused, unavailable, bug. Only the first two are classes; a bug is any other exception.

Errors of libraries are translated into these at the border where the library is called, and are seen nowhere else.
"""

from __future__ import annotations


class Refused(Exception):
    """The caller's fault or a rule's answer: final, nothing was changed.

    `code` is a stable snake_case word (the key of `HTTP_STATUS`), `title` a sentence for people.
    """

    def __init__(self, code: str, title: str) -> None:
        super().__init__(f"{code}: {title}")
        self.code, self.title = code, title


class Invalid(Refused):
    """Input that breaks a rule of the model. `field` is its path from the body's root, as in `content.items[2].title`."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__("bad_request", f"{field}: {problem}" if field else problem)
        self.field = field


class Unavailable(Exception):
    """Not now: the same request may be sent again after `retry_after_s` seconds. Whether it took effect may be unknown."""

    def __init__(self, code: str, title: str, retry_after_s: float = 1.0) -> None:
        super().__init__(f"{code}: {title}")
        self.code, self.title, self.retry_after_s = code, title, retry_after_s


#: The one table from codes to HTTP status. A code that is not here is a bug.
HTTP_STATUS: dict[str, int] = {
    "bad_request": 400,
    "switchboard_invalid_action": 400,
    "switchboard_invalid_target": 400,
    "too_many_switchboard_integrations": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "forbidden_address": 403,
    "not_found": 404,
    "agent_not_found": 404,
    "app_not_found": 404,
    "conversation_not_found": 404,
    "flow_not_found": 404,
    "integration_not_found": 404,
    "key_not_found": 404,
    "message_not_found": 404,
    "participant_not_found": 404,
    "switchboard_not_found": 404,
    "switchboard_integration_not_found": 404,
    "preview_not_found": 404,
    "secret_not_found": 404,
    "ticket_not_found": 404,
    "user_not_found": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "queue_full": 409,
    "conversation_ended": 409,
    "id_reused": 409,
    "not_in_control": 409,
    "gone": 410,
    "payload_too_large": 413,
    "flow_invalid": 422,
    "ticket_closed": 422,
    "locked": 423,
    "rate_limited": 429,
    "too_many_connections": 429,
    "internal_error": 500,
    "not_implemented": 501,
    "newer_version": 503,
    "out_of_order": 503,
    "overloaded": 503,
    "unavailable": 503,
    "storage_full": 507,
}
