"""The table of contents of the Support API: which operation is where, and who may call it.

Groups, fields, macros, triggers and whatever else agents set up is in `gateway.desk`.
"""

from __future__ import annotations

from gateway.support import (
    auditing,
    comments,
    exports,
    jobs,
    many,
    ratings,
    reports,
    searching,
    tags,
    talks,
    tickets,
    uploads,
    user_writing,
    users,
    viewing,
)
from gateway.zendesk.operations import Operation

_JOB = "/job_statuses/{id:[0-9a-f]{24,40}}"
_CONVERSATION = "/desk/conversations/{conversation:[0-9a-f]{24,24}}"

TICKETS = (
    Operation("GET", "/tickets", "write", tickets.list_tickets),
    Operation("POST", "/tickets", "write", tickets.create_ticket),
    Operation("GET", "/tickets/count", "write", tickets.count_tickets),
    Operation("GET", "/tickets/recent", "write", tickets.list_recent),
    Operation("GET", "/tickets/show_many", "write", tickets.show_many),
    Operation("POST", "/tickets/create_many", "write", many.create_many),
    Operation("PUT", "/tickets/update_many", "write", many.update_many),
    Operation("DELETE", "/tickets/destroy_many", "write", many.delete_many),
    Operation("GET", "/tickets/{id}", "write", tickets.show_ticket),
    Operation("PUT", "/tickets/{id}", "write", tickets.update_ticket),
    Operation("DELETE", "/tickets/{id}", "write", tickets.delete_ticket),
    Operation("POST", "/tickets/{id}/merge", "write", many.merge),
    Operation("GET", "/tickets/{id}/related", "write", tickets.related),
    Operation("GET", "/tickets/{id}/incidents", "write", tickets.list_incidents),
    Operation("GET", "/tickets/{id}/collaborators", "write", tickets.list_collaborators),
    Operation("GET", "/tickets/{id}/followers", "write", tickets.list_collaborators),
    Operation("GET", "/tickets/{id}/tags", "write", tickets.list_tags),
    Operation("POST", "/tickets/{id}/tags", "write", tickets.set_tags),
    Operation("PUT", "/tickets/{id}/tags", "write", tickets.add_tags),
    Operation("DELETE", "/tickets/{id}/tags", "write", tickets.remove_tags),
    Operation("GET", "/tickets/{id}/comments", "write", comments.list_comments),
    Operation("GET", "/tickets/{id}/comments/count", "write", comments.count_comments),
    Operation("GET", "/tickets/{id}/audits", "write", auditing.list_audits),
    Operation("GET", "/tickets/{id}/audits/{audit_id}", "write", auditing.show_audit),
    Operation("GET", "/tickets/{id}/metrics", "write", tickets.show_metrics),
    Operation("GET", "/ticket_metrics", "write", tickets.list_metrics),
    Operation("GET", "/ticket_metrics/{id}", "write", tickets.show_metrics),
    Operation("POST", "/tickets/{id}/satisfaction_rating", "write", ratings.rate),
    Operation("GET", "/problems", "write", tickets.list_problems),
    Operation("GET", "/deleted_tickets", "write", tickets.list_deleted),
    Operation("PUT", "/deleted_tickets/{id}/restore", "write", tickets.restore_ticket),
    Operation("PUT", "/deleted_tickets/restore_many", "write", many.restore_many),
    Operation("DELETE", "/deleted_tickets/{id}", "admin", many.erase),
    Operation("DELETE", "/deleted_tickets/destroy_many", "admin", many.erase_many),
    Operation("GET", "/incremental/tickets", "admin", exports.export_by_time),
    Operation("GET", "/incremental/tickets/cursor", "admin", exports.export_by_cursor),
    Operation("GET", "/job_statuses", "write", jobs.list_jobs),
    Operation("GET", "/job_statuses/show_many", "write", jobs.show_many_jobs),
    Operation("GET", _JOB, "write", jobs.show_job),
    Operation("GET", "/satisfaction_ratings", "write", ratings.list_ratings),
    Operation("GET", "/satisfaction_ratings/count", "write", ratings.count_ratings),
    Operation("GET", "/satisfaction_ratings/{id}", "write", ratings.show_rating),
    Operation("POST", "/uploads", "write", uploads.upload, is_file=True),
    Operation("DELETE", "/uploads/{token:[0-9a-f.]{24,600}}", "write", uploads.delete_upload),
    Operation("GET", "/attachments/{id}", "write", uploads.show_attachment),
    Operation("GET", "/reports/tickets", "write", reports.show_report),
    Operation("GET", "/reports/bots", "write", reports.show_bots),
    Operation("GET", "/tags", "write", tags.list_tags),
    Operation("GET", "/tags/count", "write", tags.count_tags),
    Operation("GET", "/autocomplete/tags", "write", tags.autocomplete),
    Operation("GET", "/search", "write", searching.search),
    Operation("GET", "/search/count", "write", searching.count),
    Operation("GET", "/search/export", "write", searching.export),
    Operation("GET", "/views/count_many", "write", viewing.count_many),
    Operation("GET", "/views/{id}/tickets", "write", viewing.list_tickets),
    Operation("GET", "/views/{id}/execute", "write", viewing.execute),
    Operation("GET", "/views/{id}/count", "write", viewing.count),
)

USERS = (
    Operation("GET", "/users", "write", users.list_users),
    Operation("POST", "/users", "write", user_writing.create_user),
    Operation("GET", "/users/me", "write", users.show_me),
    Operation("GET", "/users/count", "write", users.count_users),
    Operation("GET", "/users/show_many", "write", users.show_many),
    Operation("GET", "/users/search", "write", users.search_users),
    Operation("GET", "/users/autocomplete", "write", users.autocomplete),
    Operation("POST", "/users/create_or_update", "write", user_writing.create_or_update),
    Operation("GET", "/users/{id}", "write", users.show_user),
    Operation("PUT", "/users/{id}", "write", user_writing.update_user),
    Operation("DELETE", "/users/{id}", "write", user_writing.delete_user),
    Operation("POST", "/users/{id}/password", "write", user_writing.set_password),
    Operation("GET", "/users/{id}/related", "write", users.related),
    Operation("GET", "/users/{id}/identities", "write", users.list_identities),
    Operation("GET", "/users/{id}/identities/{identity_id}", "write", users.show_identity),
    Operation("GET", "/users/{id}/tickets/requested", "write", tickets.list_requested),
    Operation("GET", "/users/{id}/tickets/assigned", "write", tickets.list_assigned),
    Operation("GET", "/users/{id}/tickets/ccd", "write", tickets.list_followed),
    Operation("GET", "/users/{id}/organizations", "write", users.no_organizations),
    Operation("GET", "/users/{id}/organization_memberships", "write", users.no_organization_memberships),
    Operation("GET", "/organizations", "write", users.no_organizations),
    Operation("GET", "/organizations/{id}", "write", users.no_organization),
    Operation("GET", "/organization_memberships", "write", users.no_organization_memberships),
)

TALKS = (
    Operation("GET", _CONVERSATION, "write", talks.show_conversation),
    Operation("GET", "/desk/users/{id}/conversations", "write", talks.list_conversations),
    Operation("GET", "/desk/last_messages", "write", talks.list_last_messages),
)

OPERATIONS = (*TICKETS, *USERS, *TALKS)
