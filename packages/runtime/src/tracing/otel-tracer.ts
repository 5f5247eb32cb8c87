import {
  type Attributes,
  isSpanContextValid,
  type Span as OtelSpan,
  SpanKind as OtelSpanKind,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api"
import type { Span, SpanAttributes, SpanKind, SpanStart, Tracer } from "@sluice/core"

const kinds: Readonly<Record<SpanKind, OtelSpanKind>> = {
  internal: OtelSpanKind.INTERNAL,
  server: OtelSpanKind.SERVER,
  client: OtelSpanKind.CLIENT,
  producer: OtelSpanKind.PRODUCER,
  consumer: OtelSpanKind.CONSUMER,
}

/** Our port on a tracer of OpenTelemetry. Parents are named, never found in an asynchronous context: that would cost each promise. */
export function createOtelTracer({ tracer, keepsContent }: { readonly tracer: OtelTracer; readonly keepsContent: boolean }): Tracer {
  return {
    keepsContent,
    start({ name, kind = "internal", parent, attributes = {}, at }) {
      const options = { kind: kinds[kind], attributes: present(attributes), ...(at && { startTime: at }) }
      return new TracedSpan(tracer.startSpan(name, options, contextOf(parent)))
    },
  }
}

class TracedSpan implements Span {
  readonly isRecording: boolean
  readonly span: OtelSpan

  constructor(span: OtelSpan) {
    this.span = span
    this.isRecording = span.isRecording()
  }

  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.span.spanContext()
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`
  }

  rename(name: string): void {
    if (this.span.isRecording()) this.span.updateName(name)
  }

  set(attributes: SpanAttributes): void {
    if (this.span.isRecording()) this.span.setAttributes(present(attributes))
  }

  add({ name, attributes = {}, at }: Parameters<Span["add"]>[0]): void {
    if (this.span.isRecording()) this.span.addEvent(name, present(attributes), at)
  }

  fail(errorType: string): void {
    if (!this.span.isRecording()) return
    this.span.setAttribute("error.type", errorType)
    this.span.setStatus({ code: SpanStatusCode.ERROR })
  }

  end(at?: Date): void {
    // The library complains of a second end.
    if (this.span.isRecording()) this.span.end(at)
  }
}

function contextOf(parent: SpanStart["parent"]) {
  if (parent === null) return ROOT_CONTEXT
  if (parent instanceof TracedSpan) return trace.setSpan(ROOT_CONTEXT, parent.span)
  const traceparent = typeof parent === "string" ? parent : parent.traceparent
  if (traceparent === null) return ROOT_CONTEXT
  const [, traceId = "", spanId = "", flags = "00"] = traceparent.split("-")
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
  return isSpanContextValid(remote) ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT
}

function present(attributes: SpanAttributes): Attributes {
  const kept: Attributes = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) kept[name] = typeof value === "object" ? [...value] : value
  }
  return kept
}
