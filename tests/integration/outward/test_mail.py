"""E-mail to a mail server on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from domain.errors import Invalid, Refused, Unavailable
from gateway.outward.mail import Mail, SmtpMailer

MAIL = Mail("ann@example.org", "Your parcel", "It is late.", "k-1")


class Post:
    """Speaks as little SMTP as it must; `says` is its answer to each command that begins so."""

    def __init__(self) -> None:
        self.says: dict[str, bytes] = {}
        self.heard: list[str] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().rstrip():
            self.heard.append(line)
            word = line.partition(" ")[0].upper()
            if word == "DATA":
                writer.write(b"354 go on\r\n")
                while (line := (await reader.readline()).decode().rstrip("\r\n")) != ".":
                    self.heard.append(line)
            writer.write(self.says.get(word, b"250 ok") + b"\r\n")
            if word == "QUIT":
                break
        writer.close()


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    made = Post()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


def mailer(post: Post) -> SmtpMailer:
    return SmtpMailer(f"smtp://127.0.0.1:{post.port}", "shop@example.org")


async def test_a_message_arrives(post: Post) -> None:
    await mailer(post).send(MAIL)
    assert {"To: ann@example.org", "Subject: Your parcel", "Message-ID: <k-1@example.org>", "It is late."} <= set(post.heard)


@pytest.mark.parametrize(
    ("word", "answer", "expected"),
    [
        ("RCPT", b"550 nobody", Refused),
        ("RCPT", b"451 later", Unavailable),
        ("MAIL", b"554 no", Refused),
        ("EHLO", b"421 busy", Unavailable),
    ],
)
async def test_what_the_server_says_is_for_good_or_for_now(post: Post, word: str, answer: bytes, expected: type[Exception]) -> None:
    post.says = {word: answer, "HELO": answer} if word == "EHLO" else {word: answer}
    with pytest.raises(expected):
        await mailer(post).send(MAIL)


async def test_a_server_that_is_not_there_is_asked_later() -> None:
    with pytest.raises(Unavailable):
        await SmtpMailer("smtp://127.0.0.1:1", "shop@example.org").send(MAIL)
    for url, sender in (("http://x", "a@b.c"), ("smtp://", "a@b.c"), ("smtp://x", "nobody")):
        with pytest.raises(Invalid):
            SmtpMailer(url, sender)
