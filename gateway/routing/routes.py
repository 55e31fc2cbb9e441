"""The table of contents of routing under `/api/v2`: which operation is where, and who may call it."""

from __future__ import annotations

from gateway.routing import availabilities, lines
from gateway.zendesk.operations import Operation

_ALL = "/agent_availabilities"
_STATUSES = f"{_ALL}/agent_statuses"

OPERATIONS = (
    Operation("GET", _ALL, "write", availabilities.list_availabilities),
    Operation("GET", f"{_ALL}/me", "write", availabilities.show_own),
    Operation("GET", f"{_ALL}/{{agent_id}}", "write", availabilities.show_availability),
    Operation("GET", _STATUSES, "write", availabilities.list_statuses),
    Operation("PUT", f"{_STATUSES}/me", "write", availabilities.set_own_status),
    Operation("PUT", f"{_STATUSES}/agents/{{agent_id}}", "write", availabilities.set_status),
    Operation("GET", "/routing/lines", "write", lines.list_lines),
    Operation("GET", "/routing/lines/{queue_id}/waiting", "write", lines.list_waiting),
)
