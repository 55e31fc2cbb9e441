"""E-mail, by a port and its implementation by SMTP. Off unless the operator has named a server.

A message is sent at least once: its Message-ID is the same each time, and mail servers know a repeat by it. Neither addresses nor texts
are logged.
"""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
import msgspec

from domain.errors import Invalid, Refused, Unavailable

TIMEOUT_S = 20.0
AGAIN_S = 30.0
_PORTS = {"smtp": 587, "smtps": 465}


class Mail(msgspec.Struct, frozen=True):
    """One message. `key` names it for ever."""

    to: str
    subject: str
    text: str
    key: str

    def __repr__(self) -> str:
        return f"Mail({self.key})"


class Mailer(Protocol):
    """Sends e-mail."""

    async def send(self, mail: Mail) -> None:
        """Raises Unavailable: later perhaps; Refused: never."""


class SmtpMailer:
    """By `smtp://user:password@host:587` (TLS from the greeting on, where the server has it) or `smtps://...:465`, from one address."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or "@" not in sender:
            raise Invalid("smtp_url", "must be smtp://host or smtps://host, with an address that mails come from")
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._tls, self._sender = parts.scheme == "smtps", sender
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")

    async def send(self, mail: Mail) -> None:
        message = composed(mail, self._sender)
        user, password = (self._user, self._password) if self._user else (None, None)
        try:
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                use_tls=self._tls,
                username=user,
                password=password,
                timeout=TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(400 <= one.code < 500 for one in error.recipients):
                raise Unavailable("unavailable", "The mail server takes it later", AGAIN_S) from None
            raise Refused("bad_request", "The mail server does not know the address") from None
        except aiosmtplib.SMTPResponseException as error:
            if 500 <= error.code < 600 and not isinstance(error, aiosmtplib.SMTPAuthenticationError):
                raise Refused("bad_request", "The mail server refuses the message") from None
            raise Unavailable("unavailable", "The mail server takes it later", AGAIN_S) from None
        except (aiosmtplib.SMTPException, OSError):
            raise Unavailable("unavailable", "The mail server does not answer", AGAIN_S) from None


def composed(mail: Mail, sender: str) -> EmailMessage:
    """As it goes over the wire. Raises Refused: the address cannot be one."""
    message = EmailMessage(policy=SMTP)
    try:
        message["To"] = Address(addr_spec=mail.to)
        message["From"] = sender
        message["Subject"] = mail.subject
    except (ValueError, IndexError):
        raise Refused("bad_request", "This is no address") from None
    message["Message-ID"] = f"<{mail.key}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
