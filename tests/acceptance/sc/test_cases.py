"""The cases of tests/integration/sc, against the running server: its hosts, its database, its sockets.

Left out are those that look inside or that need a server of their own.
"""

from __future__ import annotations

import pytest

from tests.integration.sc import (
    test_apps,
    test_attachments,
    test_border,
    test_conversations,
    test_integrations,
    test_messages,
    test_switchboards,
    test_table,
    test_users,
)
from tests.sc_server import ScServer


class TestApps(test_apps.TestAppsAndKeys):
    test_apps_are_paged = None  # other tests have apps here, too


class TestUsers(test_users.TestUsers):
    pass


class TestConversations(test_conversations.TestConversations):
    test_the_first_personal_one_is_the_default = None
    # Ids of one second are in no order, and the server is quick.
    test_those_of_a_user_are_listed_and_paged = None
    test_participants_join_leave_and_read = None


class TestMessages(test_messages.TestMessages):
    test_card_numbers_are_masked_before_anything_is_written = None
    test_one_is_deleted_and_then_all = None
    test_an_app_may_limit_the_number = None  # the setting is ours, and whoever lists all apps would find it against the contract


@pytest.fixture
async def board(server: ScServer) -> str:
    return await test_switchboards.enabled_board(server)


class TestSwitchboards(test_switchboards.TestSwitchboards):
    # These look inside.
    test_members = None
    test_a_program_may_not_change_it = None
    # The field is ours.
    test_how_long_a_program_may_be_silent_is_ours = None


class TestIntegrations(test_integrations.TestIntegrations):
    pass


class TestKeysOfPrograms(test_integrations.TestKeysOfPrograms):
    pass


class TestAttachments(test_attachments.TestMessages):
    test_it_goes_with_the_app = None  # looks inside


class TestRemoval(test_attachments.TestRemoval):
    pass


class TestPrivateAttachments(test_attachments.TestPrivate):
    pass


class TestOnce(test_border.TestOnce):
    pass


class TestTheBorder(test_border.TestTheBorder):
    test_a_host_that_is_not_there_may_be_asked_again = None
    test_a_flood_meets_429 = None


class TestTheTable(test_table.TestTheTable):
    test_every_operation_of_the_contract_is_here_once_with_its_scopes = None


class TestWhoMay(test_table.TestWhoMay):
    pass
