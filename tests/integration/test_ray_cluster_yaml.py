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

FILE = Path(__file__).parents[2] / "ray_cluster.yaml"
#: RFC 5737: addresses for examples, which no machine has.
DOCUMENTATION = ipaddress.ip_network("192.0.2.0/24")


@pytest.fixture
def config() -> dict[str, Any]:
    loaded = yaml.safe_load(FILE.read_text())
    assert isinstance(loaded, dict)
    return loaded


def ray_start(commands: list[str]) -> list[str]:
    """The words after `ray start` in the command that starts a node."""
    (start,) = [command for command in commands if "ray start" in command]
    return shlex.split(start.split("ray start", 1)[1])


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
    assert {"RAY_AUTH_MODE=token", "RAY_worker_niceness=0"} <= set(start.split())


def test_the_command_that_makes_the_token_exists() -> None:
    answer = CliRunner().invoke(scripts.cli, ["get-auth-token", "--help"])
    assert "--generate" in answer.output
