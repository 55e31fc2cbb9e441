"""`causerie tail`: an agent's stream in the terminal. After a disconnect it goes on behind the last event that it showed."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from causerie.commands.following import Following, Frame
from causerie.commands.terminal import USAGE, AsJson, Data, fail, run, settings_of

if TYPE_CHECKING:
    from aiohttp import ClientSession

RETRY_S, LONGEST_RETRY_S = 0.5, 10.0
SILENCE_S = 60.0
MAX_FRAME_BYTES = 64 << 20


class Login(NamedTuple):
    """Where, and as whom."""

    url: str
    email: str
    password: str


class Refusal(Exception):
    """The server will not do it, however often it is asked."""


def tail(
    url: Annotated[str | None, typer.Option(help="The server; else as credentials.json says.")] = None,
    email: Annotated[str | None, typer.Option(help="The agent's e-mail address; else the agent of credentials.json.")] = None,
    password: Annotated[str | None, typer.Option(envvar="CAUSERIE_PASSWORD", help="Asked for if it is not given.")] = None,
    conversation: Annotated[str, typer.Option(help="A conversation's id, or `inbox` for all of them.")] = "inbox",
    after: Annotated[int, typer.Option(min=0, help="Begin behind this seq of the conversation.")] = 0,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Show events as they are committed, until Ctrl-C."""
    from domain.ids import ID

    if conversation != "inbox" and not ID.match(conversation):
        fail("--conversation: a conversation's id (24 hexadecimal digits), or `inbox`", USAGE)
    if conversation == "inbox" and after:
        fail("--after goes with --conversation: the inbox begins now", USAGE)
    login = _login(settings_of(data=data).data / "credentials.json", url, email, password)
    following = Following(None if conversation == "inbox" else conversation, after)
    with suppress(KeyboardInterrupt):
        try:
            run(_follow(login, following, _Printer(as_json)))
        except Refusal as refusal:
            fail(str(refusal))


def _login(path: Path, url: str | None, email: str | None, password: str | None) -> Login:
    """What was given, and for the rest what the first run wrote."""
    kept: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        kept = json.loads(path.read_text())
    where = url or kept.get("url")
    agent = kept.get("agent", {})
    who = email or agent.get("email")
    if not where or not who:
        fail(f"Give --url and --email, or by --data the folder whose credentials.json says them ({path} does not).", USAGE)
    word = password or (agent.get("password") if who == agent.get("email") else None)
    if word is None:
        word = str(typer.prompt(f"Password of {who}", hide_input=True)) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    return Login(str(where).rstrip("/"), str(who), str(word))


async def _follow(login: Login, following: Following, printer: _Printer) -> None:
    """Log in, follow, and begin anew when the connection ends."""
    from aiohttp import ClientError, ClientSession

    pause_s, token = RETRY_S, ""
    async with ClientSession() as http:
        while True:
            try:
                token = token or await _token(http, login)
                await _connection(http, login.url, token, following, printer)
                pause_s = RETRY_S
            except _Expired:
                token = ""
            except (ClientError, TimeoutError, OSError) as error:
                printer.note(f"no connection ({type(error).__name__}): next attempt in {pause_s:.1f} s")
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_RETRY_S)


class _Expired(Exception):
    """The token is not valid any more."""


async def _token(http: ClientSession, login: Login) -> str:
    async with http.post(f"{login.url}/agent/v1/sessions", json={"email": login.email, "password": login.password}) as response:
        if response.status == 201:
            return str((await response.json())["token"])
        if response.status >= 500 or response.status == 429:
            raise ConnectionError(f"status {response.status}")
        raise Refusal(f"{login.url} does not let {login.email} in: {await _title(response)}")


async def _title(response: Any) -> str:
    try:
        return str((await response.json())["errors"][0]["title"])
    except (ValueError, LookupError, TypeError):
        return f"status {response.status}"


async def _connection(http: ClientSession, url: str, token: str, following: Following, printer: _Printer) -> None:
    """One connection, until it ends. Raises `Refusal`, `_Expired`, or what the network does."""
    from aiohttp import WSMsgType

    async with http.ws_connect(f"{url}/agent/v1/stream", heartbeat=SILENCE_S / 2, max_msg_size=MAX_FRAME_BYTES) as ws:
        await ws.send_str(json.dumps({"type": "hello", "token": token}))
        async for message in ws:
            if message.type is not WSMsgType.TEXT:
                break
            for line in message.data.splitlines():
                for frame in _taken(json.loads(line), following, printer):
                    await ws.send_str(json.dumps(frame))
    printer.note("the connection ended")
    await asyncio.sleep(RETRY_S)


def _taken(frame: Frame, following: Following, printer: _Printer) -> list[Frame]:
    match frame["type"]:
        case "welcome":
            printer.note("connected")
            return following.begin()
        case "bye" if frame["code"] == "unauthorized":
            raise _Expired
        case "refused":
            if "retry_after" not in frame and not following.lose(frame.get("topic")):
                raise Refusal(f"{frame['title']} ({frame['code']})")
            return []
        case _:
            shown, asked = following.take(frame)
            for event in shown:
                printer.event(event)
            return asked


class _Printer:
    """Writes events: as JSON for programs, as a line each for people. What customers wrote cannot steer the terminal."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json

    def note(self, text: str) -> None:
        typer.echo(f"# {text}", err=True)

    def event(self, frame: Frame) -> None:
        typer.echo(json.dumps(frame, ensure_ascii=False) if self._as_json else summary(frame))
        sys.stdout.flush()


def summary(frame: Frame) -> str:
    """An event in one line: when, where, what, and the words if there are any."""
    event = frame["event"] or {"createdAt": "", "type": "(deleted)", "payload": {}}
    seq = "-" if frame["seq"] is None else frame["seq"]
    line = f"{event['createdAt']:24} {frame['conversation']} {seq:>6} {event['type']}{_told(event['payload'])}"
    return "".join(sign if sign.isprintable() else " " for sign in line)


def _told(payload: dict[str, Any]) -> str:
    message, activity = payload.get("message", {}), payload.get("activity", {})
    author = message.get("author") or activity.get("author")
    who = f" {author.get('displayName') or author.get('userId') or author['type']}" if author else ""
    content = message.get("content")
    if content is not None:
        return f"{who}: {content.get('text') or '[' + content['type'] + ']'}"
    return f"{who} {activity['type']}" if activity else who
