"""A server whose environment names a collector sends it the spans of the gateway and of the hosts, by OTLP over HTTP."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.people import eventually, people_of
from tests.serving import NO_STANDBY, serving

pytestmark = [pytest.mark.serves]


class Collector:
    """Takes traces, as a collector or a tracing service does. `spans` are (service, span name, trace id)."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, str, bytes]] = []
        self.bodies: list[bytes] = []
        taking = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                taking.take(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Tests need no access log."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def take(self, body: bytes) -> None:
        self.bodies.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            (service,) = [one.value.string_value for one in resource.resource.attributes if one.key == "service.name"]
            self.spans += [(service, span.name, span.trace_id) for scope in resource.scope_spans for span in scope.spans]


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


async def test_a_message_is_traced_through_both_processes(tmp_path: Path, collector: Collector) -> None:
    environment = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "CAUSERIE_TRACE_SHARE": "1",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        **NO_STANDBY,
    }
    with serving(tmp_path, environment=environment) as server:
        async with people_of(server) as people:
            await people.talking("what nobody else should read")

            async def whole() -> set[tuple[str, str]]:
                one = {(service, name) for service, name, trace in collector.spans if trace == collector.spans[0][2]}
                return one if len(one) == 3 else set()

            expected = {("causerie-gateway", "say"), ("causerie-host", "turn"), ("causerie-host", "commit")}
            assert expected == await eventually(whole)
    assert not [body for body in collector.bodies if b"nobody else" in body]
