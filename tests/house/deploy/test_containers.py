"""The container file and the compose file are well formed, and name files, settings and ports that the product has."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from causerie import settings

ROOT = Path(__file__).parents[3]
CONTAINERFILE = ROOT / "deploy" / "container" / "Containerfile"
COMPOSE = ROOT / "deploy" / "compose" / "compose.yaml"

INSTRUCTIONS = {
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
}


def instructions(text: str) -> list[tuple[str, str]]:
    """(instruction, its arguments) of each, in order. Raises `ValueError` for what is none."""
    found = []
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.strip() and not line.startswith("#"):
            word, _, rest = line.strip().partition(" ")
            if word not in INSTRUCTIONS or not rest.strip():
                raise ValueError(line)
            found.append((word, rest.strip()))
    return found


BUILD = instructions(CONTAINERFILE.read_text())


def arguments(instruction: str) -> list[str]:
    return [rest for word, rest in BUILD if word == instruction]


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_it_begins_with_an_image_and_ends_as_nobody_special() -> None:
    assert "FROM" == BUILD[0][0]
    assert ["causerie"] == arguments("USER")
    last_run = max(at for at, (word, _) in enumerate(BUILD) if word == "RUN")
    assert BUILD.index(("USER", "causerie")) > last_run


def test_its_python_is_one_that_the_product_takes() -> None:
    version = re.search(r"python:3\.(\d+)", arguments("FROM")[0])
    assert version is not None and f">=3.{version[1]}" == project()["project"]["requires-python"]


def test_what_it_copies_is_there_and_is_the_whole_product() -> None:
    sources = [source for rest in arguments("COPY") if not rest.startswith("--from=") for source in rest.split()[:-1]]
    assert [] == [source for source in sources if not (ROOT / source).exists()]
    assert {*project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"], "web", "hatch_build.py"} <= set(sources)


def test_what_it_installs_is_locked() -> None:
    installs = [rest for rest in arguments("RUN") if "pip install" in rest]
    assert all("--no-deps" in rest for rest in installs) and "--require-hashes -r requirements.lock" in installs[0]


def test_it_runs_the_command_of_the_product() -> None:
    assert json.loads(arguments("ENTRYPOINT")[0]) == list(project()["project"]["scripts"])
    assert ["serve"] == json.loads(arguments("CMD")[0])


@pytest.mark.parametrize("broken", ["FORM python:3.11", "COPY", "RUN pip \\\n\ninstall"])
def test_a_broken_line_is_seen(broken: str) -> None:
    with pytest.raises(ValueError):
        instructions(broken)


# Compose.

SERVICE_KEYS = {
    "build",
    "command",
    "depends_on",
    "environment",
    "healthcheck",
    "image",
    "init",
    "ports",
    "restart",
    "shm_size",
    "stop_grace_period",
    "ulimits",
    "volumes",
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return loaded


def test_services_have_keys_that_compose_knows(compose: dict[str, Any]) -> None:
    assert {"name", "services", "volumes"} == set(compose)
    assert [] == [key for service in compose["services"].values() for key in service if key not in SERVICE_KEYS]


def test_whom_a_service_waits_for_says_when_it_is_well(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for other, how in service.get("depends_on", {}).items():
            assert {"condition": "service_healthy"} == how and "healthcheck" in compose["services"][other]


def test_volumes_are_declared(compose: dict[str, Any]) -> None:
    used = {volume.partition(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])}
    assert used == set(compose["volumes"])


def test_it_builds_the_container_file(compose: dict[str, Any]) -> None:
    build = compose["services"]["causerie"]["build"]
    context = (COMPOSE.parent / build["context"]).resolve()
    assert (ROOT, CONTAINERFILE) == (context, context / build["dockerfile"])


def test_settings_are_settings_and_the_password_is_asked_for(compose: dict[str, Any]) -> None:
    environment = compose["services"]["causerie"]["environment"]
    password = "${POSTGRES_PASSWORD:?put it into .env}"
    assert (environment["CAUSERIE_DATABASE_URL"].count(password), password) == (
        1,
        compose["services"]["postgresql"]["environment"]["POSTGRES_PASSWORD"],
    )
    assert [] == settings.unknown(environment)
    read = settings.read({}, {name: value.replace(password, "secret") for name, value in environment.items()})
    assert (2, "redis://redis:6379/0") == (read.conversation_hosts, read.redis_url)


def test_only_the_gateway_is_reachable_and_only_from_this_machine(compose: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert {"causerie": ["127.0.0.1:8080:8080"]} == ports


def test_ray_finds_shared_memory_and_somebody_who_takes_its_children(compose: dict[str, Any]) -> None:
    causerie = compose["services"]["causerie"]
    assert (True, "256m") == (causerie["init"], causerie["shm_size"])
