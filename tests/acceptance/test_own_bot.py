"""The program of `answer-with-your-own-bot.md`, as it stands on the page, beside a running server."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.people import People
from tests.serving import COMMAND

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "answer-with-your-own-bot.md"


async def test_it_answers_while_it_has_control_and_is_refused_afterwards(people: People, tmp_path: Path) -> None:
    app = await people.new_app()
    board = f"/switchboards/{(await people.made('/switchboards', {}, app=app))['id']}"
    person = await people.made(f"{board}/switchboardIntegrations", {"name": "people", "integrationType": "zd:agentWorkspace"}, app=app)
    body = {"name": "weather", "integrationType": "custom:weather", "nextSwitchboardIntegrationId": person["id"], "patienceSeconds": 20}
    member = await people.made(f"{board}/switchboardIntegrations", body, app=app)
    changes = {"enabled": True, "defaultSwitchboardIntegrationId": member["id"]}
    assert 200 == (await people.call("PATCH", board, changes, app=app))[0]
    key_id, secret = await _key(people, member["integrationId"])

    user, conversation = await people.person("ada", app)
    watcher = await people.program(app)
    await watcher.subscribe(conversation)
    script = tmp_path / "own_bot.py"
    script.write_text(re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[0])
    bot = await asyncio.create_subprocess_exec(sys.executable, str(script), people.url, key_id, secret, member["integrationId"])
    try:
        while True:  # until it is on the stream: the inbox has no memory
            said = {"author": {"type": "user", "userId": user["id"]}, "content": {"type": "text", "text": "Rain?"}}
            await people.made(f"/conversations/{conversation}/messages", said, app=app)
            try:
                async with asyncio.timeout(1):
                    frame = await watcher.take("event", when=_is_answer)
                break
            except TimeoutError:
                continue
        message = frame["event"]["payload"]["message"]
        assert ("You said: Rain?", "Weather bot") == (message["content"]["text"], message["author"]["displayName"])
    finally:
        bot.terminate()
        await bot.wait()
    own = type(app)(app.id, key_id, secret)
    to = {"switchboardIntegration": "next", "metadata": {"topic": "weather"}}
    assert (200, {}) == await people.call("POST", f"/conversations/{conversation}/passControl", to, app=own)
    late = {"author": {"type": "business"}, "content": {"type": "text", "text": "late"}}
    status, answer = await people.call("POST", f"/conversations/{conversation}/messages", late, app=own)
    assert (409, "not_in_control") == (status, answer["errors"][0]["code"])


def _is_answer(frame: Any) -> bool:
    event = frame["event"] or {"type": None}
    return bool(event["type"] == "conversation:message" and event["payload"]["message"]["author"]["type"] == "business")


async def _key(people: People, integration_id: str) -> tuple[str, str]:
    """As an operator makes it on the server."""
    options = ("--scope", "integration", "--integration", integration_id, "--name", "Weather bot", "--json")
    command = (str(COMMAND), "keys", "create", *options, "--data", str(people.server.data))
    made = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    told, _ = await made.communicate()
    key = json.loads(told)
    return key["id"], key["secret"]
