"""The middlewares of every gateway application, in their order: errors outermost, so that all that follows may simply raise."""

from __future__ import annotations

from gateway.errors import errors_middleware
from gateway.help_pages.failing import help_pages_errors_middleware
from gateway.limits import limits_middleware
from gateway.zendesk.errors import zendesk_errors_middleware

MIDDLEWARES = (errors_middleware, zendesk_errors_middleware, help_pages_errors_middleware, limits_middleware)
