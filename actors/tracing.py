"""Traces of commands from the gateway's link through the host's turn to the commit, by OpenTelemetry. Off, it costs a branch.

A command that is sampled carries 24 bytes more in its frame: its trace and the gateway's span. Spans hold ids, numbers and
outcomes, never text, names or secrets. The library is imported when tracing starts, and not before.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import msgspec
import structlog

from actors.answers import Answer
from domain.errors import Refused, Unavailable
from storage.ports import ActorId

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

    from actors.mailbox import Item

log = structlog.get_logger()

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

T = TypeVar("T")


class TracingConfig(msgspec.Struct, frozen=True):
    """Of which share of commands a trace is made, and the standard variables (`OTEL_...`) that say where it goes."""

    share: float
    environment: dict[str, str]


def configured(share: float, environment: Mapping[str, str]) -> TracingConfig | None:
    """None unless an endpoint is named and a share is wanted."""
    if share <= 0 or environment.get("OTEL_SDK_DISABLED", "").lower() == "true" or not any(map(environment.get, ENDPOINTS)):
        return None
    return TracingConfig(share, {name: value for name, value in environment.items() if name.startswith("OTEL_")})


class Tracing:
    """The spans of this process."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry import trace

        self._api, self._provider = trace, provider
        self._tracer = provider.get_tracer("causerie")

    def said(self, slot: str, actor: ActorId, on_answer: Callable[[T], None]) -> tuple[tuple[bytes, ...], Callable[[T], None]]:
        """A gateway says a command. Returns what goes along in its frame (nothing: it is not sampled), and who is to be answered."""
        span = self._tracer.start_span("say", kind=self._api.SpanKind.CLIENT)
        if not span.is_recording():
            return (), on_answer
        _describe(span, slot, actor)
        context = span.get_span_context()
        return (context.trace_id.to_bytes(16, "big") + context.span_id.to_bytes(8, "big"),), _ending(span, on_answer)

    def arrived(self, slot: str, item: Item, context: bytes) -> None:
        """A traced command has come to its host: its span ends with its answer."""
        trace = self._api
        trace_id, span_id = int.from_bytes(context[:16], "big"), int.from_bytes(context[16:], "big")
        sayer = trace.SpanContext(trace_id, span_id, is_remote=True, trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED))
        parent = trace.set_span_in_context(trace.NonRecordingSpan(sayer))
        item.span = span = self._tracer.start_span("turn", context=parent, kind=trace.SpanKind.SERVER)
        _describe(span, slot, item.actor)
        item.answer = _ending(span, item.answer)

    def committed(self, batch: Sequence[Item], events: int, seconds: float) -> None:
        """A batch is on the disk. Each of its traced commands shows the same commit, since each has waited for it."""
        end_ns = time.time_ns()
        sizes = {"causerie.batch.commands": len(batch), "causerie.batch.events": events}
        for item in batch:
            if item.span is not None:
                within = self._api.set_span_in_context(item.span)
                span = self._tracer.start_span("commit", context=within, start_time=end_ns - int(seconds * 1e9), attributes=sizes)
                span.end(end_ns)

    def close(self) -> None:
        """Send what is left. Blocks for seconds when nobody takes it."""
        self._provider.shutdown()


active: Tracing | None = None
"""What this process traces with; None: it does not."""


def start(config: TracingConfig | None, part: str) -> None:
    """Begin to trace in this process, the `gateway` or a `host`, if the configuration says so."""
    global active
    if config is None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
    except ImportError:
        log.warning("tracing_not_installed", needed="pip install 'causerie[tracing]'")
        return
    os.environ.update(config.environment)  # of a host on another node: the exporter reads its address from there
    name = f"{config.environment.get('OTEL_SERVICE_NAME', 'causerie')}-{part}"
    provider = TracerProvider(ParentBasedTraceIdRatio(config.share), Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    active = Tracing(provider)


def stop() -> None:
    """End tracing in this process, and send what is left. Blocking."""
    global active
    ended, active = active, None
    if ended is not None:
        ended.close()


def _describe(span: Span, slot: str, actor: ActorId) -> None:
    span.set_attributes({"causerie.kind": actor.kind, "causerie.slot": slot, "causerie.app": actor.app, "causerie.actor": actor.id})


def _ending(span: Span, answer: Callable[[T], None]) -> Callable[[T], None]:
    """`answer`, and the end of the span with what became of the command."""

    def answered(outcome: T) -> None:
        if isinstance(outcome, Answer):
            span.set_attributes({"causerie.seq": outcome.seq, "causerie.repeated": outcome.repeated})
        elif isinstance(outcome, Refused | Unavailable):
            span.set_attribute("error.type", outcome.code)
        span.end()
        answer(outcome)

    return answered
