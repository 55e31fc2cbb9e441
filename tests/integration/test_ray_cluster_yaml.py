"""`ray_cluster.yaml` is what `ray up` accepts, by Ray's own schema and defaults; no machine is touched."""

from __future__ import annotations

import ipaddress
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from ray.autoscaler._private.util import prepare_config, validate_config
from ray.scripts import scripts
from typer.main import get_command

from causerie.cli import app

FILE = Path(__file__).parents[2] / "ray_cluster.yaml"
#: RFC 5737: addresses for examples, which no machine has.
DOCUMENTATION = ipaddress.ip_network("192.0.2.0/24")


@pytest.fixture
def config() -> dict[str, Any]:
    loaded = yaml.safe_load(FILE.read_text())
    assert isinstance(loaded, dict)
    return loaded


def after(program: str, commands: list[str]) -> list[str]:
    """The words after `ray start` or `causerie serve` in the one command that has it."""
    (start,) = [command for command in commands if program in command]
    return shlex.split(start.split(program, 1)[1])


def ray_start(commands: list[str]) -> list[str]:
    return after("ray start", commands)


def test_ray_accepts_it(config: dict[str, Any]) -> None:
    validate_config(prepare_config(config))


def test_ray_refuses_a_broken_one(config: dict[str, Any]) -> None:
    """The check above would notice."""
    config["setup_comands"] = []
    with pytest.raises(Exception, match="setup_comands"):
        validate_config(prepare_config(config))


def test_every_worker_stays(config: dict[str, Any]) -> None:
    (node_type,) = prepare_config(config)["available_node_types"].values()
    workers = len(config["provider"]["worker_ips"])
    assert (workers, workers) == (node_type["min_workers"], node_type["max_workers"])


def test_its_addresses_are_nobodys(config: dict[str, Any]) -> None:
    provider = config["provider"]
    assert all(ipaddress.ip_address(address) in DOCUMENTATION for address in [provider["head_ip"], *provider["worker_ips"]])


def test_the_head_hosts_no_actors(config: dict[str, Any]) -> None:
    options = ray_start(config["head_start_ray_commands"])
    assert {"--head", "--num-cpus=0", "--include-dashboard=false"} <= set(options)


@pytest.mark.parametrize("node", ["head", "worker"])
def test_nodes_start_with_options_that_ray_knows(config: dict[str, Any], node: str) -> None:
    options = ray_start(config[f"{node}_start_ray_commands"])
    known = {name for parameter in scripts.start.params for name in parameter.opts}
    assert set() == {option.split("=")[0] for option in options} - known


@pytest.mark.parametrize("node", ["head", "worker"])
def test_nodes_demand_the_token_and_do_not_starve_hosts(config: dict[str, Any], node: str) -> None:
    (start,) = [command for command in config[f"{node}_start_ray_commands"] if "ray start" in command]
    assert {"RAY_AUTH_MODE=token", "RAY_worker_niceness=0"} <= {word.removeprefix("--setenv=") for word in start.split()}


def test_every_worker_runs_a_gateway_and_the_head_none(config: dict[str, Any]) -> None:
    """It joins the cluster of the head, and starts behind Ray on its machine."""
    commands = config["worker_start_ray_commands"]
    options = after("causerie serve", commands)
    head = ray_start(config["head_start_ray_commands"])
    assert f"$RAY_HEAD_IP:{dict(o[2:].split('=') for o in head if '=' in o)['port']}" == options[options.index("--ray-address") + 1]
    assert "causerie serve" in commands[-1] and [] == [line for line in config["head_start_ray_commands"] if "causerie serve" in line]


def test_a_gateway_starts_with_options_that_serve_knows(config: dict[str, Any]) -> None:
    options = after("causerie serve", config["worker_start_ray_commands"])
    known = {name for parameter in get_command(app).commands["serve"].params for name in parameter.opts}  # type: ignore[attr-defined]
    assert set() == {option for option in options if option.startswith("--")} - known


def test_a_gateway_is_started_again_and_told_its_settings(config: dict[str, Any]) -> None:
    """The file with the settings is brought to the machine, and the service has the properties that the unit file has."""
    start = config["worker_start_ray_commands"][-1]
    properties = dict(word.removeprefix("--property=").split("=", 1) for word in shlex.split(start) if word.startswith("--property="))
    assert properties["EnvironmentFile"].replace("$HOME", "~") in config["file_mounts"]
    assert ("always", "mixed", "continue") == tuple(properties[name] for name in ("Restart", "KillMode", "OOMPolicy"))


def test_the_command_that_makes_the_token_exists() -> None:
    answer = CliRunner().invoke(scripts.cli, ["get-auth-token", "--help"])
    assert "--generate" in answer.output
