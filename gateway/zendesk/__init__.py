"""The manners of `/api/v2`, as Zendesk's APIs have them: who calls, how lists are paged, how errors are told. No operation is here."""
