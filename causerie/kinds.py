"""How each kind of actor is served, by the settings: its hosts, its slots, where its actors go. What a kind is made of: `actors.kinds`."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from actors.cluster_config import HostCount
from actors.kinds import KINDS
from actors.placement import Mode, Placement
from causerie.settings import Settings


class Served(msgspec.Struct, frozen=True):
    """`slots` counts at the first start; 0: as many as hosts. Without the hosts of an `essential` kind the server is not ready."""

    hosts: HostCount
    slots: int
    essential: bool = False
    mode: Mode = "shared"
    dedicated_apps: Collection[str] = ()

    @property
    def wanted_slots(self) -> int:
        return self.slots or max(1, self.hosts.count)

    @property
    def has_dedicated(self) -> bool:
        """Whether some of its actors have a host of their own."""
        return self.mode == "dedicated" or bool(self.dedicated_apps)

    def placement(self, slots: int) -> Placement:
        """With the number of slots that the installation has settled on."""
        return Placement(slots, self.mode, dict.fromkeys(self.dedicated_apps, "dedicated"))


def served(settings: Settings) -> dict[str, Served]:
    """The kinds of this installation, in the order in which their hosts start."""
    table = {
        "conversation": Served(
            HostCount(settings.conversation_hosts, settings.standby_hosts),
            settings.conversation_slots,
            essential=True,
            mode=settings.placement,
            dedicated_apps=settings.dedicated_apps,
        ),
        "bot": Served(HostCount(settings.bot_hosts, settings.bot_standby_hosts), settings.bot_slots),
        "ticket": Served(HostCount(settings.ticket_hosts, settings.ticket_standby_hosts), settings.ticket_slots),
        "assignment": Served(HostCount(settings.assignment_hosts, settings.assignment_standby_hosts), settings.assignment_slots),
    }
    return {kind: how for kind, how in table.items() if kind in KINDS}


def without_hosts(settings: Settings) -> Settings:
    """Of a server that brings no host of its own."""
    none = {name: 0 for name in settings.__struct_fields__ if name.endswith("_hosts")}
    return msgspec.structs.replace(settings, **none)
