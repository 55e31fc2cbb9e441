"""The manifest for KubeRay has fields that its CRD has, and says what `ray_cluster.yaml` says: hosts and gateways on workers alone."""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from causerie import settings
from gateway import health

FILE = Path(__file__).parents[3] / "deploy" / "kubernetes" / "raycluster.yaml"

#: The fields of KubeRay's API reference, `ray.io/v1`.
CLUSTER = {
    "authOptions",
    "autoscalerOptions",
    "enableInTreeAutoscaling",
    "gcsFaultToleranceOptions",
    "headGroupSpec",
    "headServiceAnnotations",
    "managedBy",
    "rayVersion",
    "suspend",
    "upgradeStrategy",
    "workerGroupSpecs",
}
HEAD = {"enableIngress", "headService", "labels", "rayStartParams", "resources", "serviceType", "template"}
WORKERS = {
    "groupName",
    "idleTimeoutSeconds",
    "labels",
    "maxReplicas",
    "minReplicas",
    "numOfHosts",
    "rayStartParams",
    "replicas",
    "resources",
    "scaleStrategy",
    "suspend",
    "template",
}
#: Those of Kubernetes that the manifest may use.
POD = {"affinity", "containers", "securityContext", "terminationGracePeriodSeconds", "volumes"}
CONTAINER = {"args", "command", "env", "image", "livenessProbe", "name", "ports", "readinessProbe", "resources", "volumeMounts"}


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    return {document["kind"]: document for document in yaml.safe_load_all(FILE.read_text())}


@pytest.fixture(scope="module")
def head(documents: dict[str, Any]) -> Any:
    return documents["RayCluster"]["spec"]["headGroupSpec"]


@pytest.fixture(scope="module")
def workers(documents: dict[str, Any]) -> Any:
    (group,) = documents["RayCluster"]["spec"]["workerGroupSpecs"]
    return group


def container(group: Any) -> Any:
    (one,) = group["template"]["spec"]["containers"]
    return one


def test_its_kinds_are_those_that_the_servers_know(documents: dict[str, Any]) -> None:
    assert {"RayCluster": "ray.io/v1", "Service": "v1"} == {kind: one["apiVersion"] for kind, one in documents.items()}


def test_fields_are_those_of_the_crd(documents: dict[str, Any], head: Any, workers: Any) -> None:
    assert (set(), set(), set()) == (set(documents["RayCluster"]["spec"]) - CLUSTER, set(head) - HEAD, set(workers) - WORKERS)
    for group in (head, workers):
        assert set() == set(group["template"]["spec"]) - POD
        assert set() == set(container(group)) - CONTAINER
        assert all(isinstance(value, str) for value in group["rayStartParams"].values()), "the CRD has strings here"


def test_its_ray_is_the_one_that_is_installed(documents: dict[str, Any]) -> None:
    assert version("ray") == documents["RayCluster"]["spec"]["rayVersion"]


def test_no_call_is_answered_without_the_token(documents: dict[str, Any]) -> None:
    assert {"mode": "token"} == documents["RayCluster"]["spec"]["authOptions"]


def test_the_head_keeps_its_books_elsewhere(documents: dict[str, Any]) -> None:
    options = documents["RayCluster"]["spec"]["gcsFaultToleranceOptions"]
    assert {"redisAddress", "redisPassword"} == set(options), "of KubeRay's GcsFaultToleranceOptions"
    assert {"secretKeyRef"} == set(options["redisPassword"]["valueFrom"])


def test_the_head_hosts_no_actors_and_no_gateway(head: Any) -> None:
    assert ("0", "false") == (head["rayStartParams"]["num-cpus"], head["rayStartParams"]["include-dashboard"])
    assert "causerie serve" not in " ".join(container(head)["args"])


def test_every_worker_runs_a_gateway_and_stays(workers: Any) -> None:
    assert workers["minReplicas"] == workers["replicas"] == workers["maxReplicas"] >= 2
    assert "causerie serve --ray-address" in " ".join(container(workers)["args"])


def test_containers_start_what_kuberay_would_have_started(documents: dict[str, Any], head: Any, workers: Any) -> None:
    assert "true" == documents["RayCluster"]["metadata"]["annotations"]["ray.io/overwrite-container-cmd"]
    for group in (head, workers):
        assert "$KUBERAY_GEN_RAY_START_CMD" in " ".join(container(group)["args"])


def test_scripts_are_scripts(head: Any, workers: Any) -> None:
    for group in (head, workers):
        subprocess.run(["bash", "-n", "-c", " ".join(container(group)["args"])], check=True)


def test_a_worker_tells_its_gateway_to_end(workers: Any, tmp_path: Path) -> None:
    """With twins of both programs: the gateway starts once Ray is well, gets the TERM of the container, and may finish."""
    log = tmp_path / "log"
    (tmp_path / "ray").write_text(f"#!/bin/bash\n[ -e {tmp_path}/well ] && exit 0; echo asked >> {log}; touch {tmp_path}/well; exit 1\n")
    gateway = f"#!/bin/bash\ntrap 'echo drained >> {log}; exit 0' TERM\necho \"$@\" >> {log}\nkill -TERM $PPID\nsleep 20 & wait\n"
    (tmp_path / "causerie").write_text(gateway)
    for name in ("ray", "causerie"):
        (tmp_path / name).chmod(0o700)
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin", "FQ_RAY_IP": "192.0.2.10", "KUBERAY_GEN_RAY_START_CMD": "true"}
    script = container(workers)["args"][0].replace("ulimit -n 65536", ":").replace("true &", ":")
    subprocess.run(["timeout", "20", "bash", "-c", script], env=path, check=False)
    assert ["asked", "serve --ray-address 192.0.2.10:6379", "drained"] == log.read_text().splitlines()


def test_its_settings_are_settings(workers: Any) -> None:
    names = [entry["name"] for entry in container(workers)["env"]]
    assert [] == settings.unknown(dict.fromkeys(names, "x"))
    assert {"CAUSERIE_DATABASE_URL", "RAY_worker_niceness"} <= set(names)


def test_probes_ask_addresses_that_a_gateway_has(workers: Any) -> None:
    one = container(workers)
    paths = [one[probe]["httpGet"]["path"].removeprefix("/") for probe in ("livenessProbe", "readinessProbe")]
    assert ["healthz", "readyz"] == paths and all(hasattr(health, path) for path in paths)


def test_the_service_finds_the_gateways(documents: dict[str, Any], workers: Any) -> None:
    service = documents["Service"]["spec"]
    assert service["selector"] == workers["template"]["metadata"]["labels"]
    assert service["ports"][0]["targetPort"] in [port["name"] for port in container(workers)["ports"]]
