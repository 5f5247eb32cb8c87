import { SpanKind as OtelSpanKind, SpanStatusCode } from "@opentelemetry/api"
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace"
import type { SpanKind } from "@sluice/core"
import { type TracedSpan, tracerConformance } from "@sluice/core/testing"
import { createOtelTracer } from "./otel-tracer.ts"

type Finished = ReturnType<InMemorySpanExporter["getFinishedSpans"]>[number]
type HrTime = Finished["startTime"]

const dateOf = ([seconds, nanoseconds]: HrTime) => new Date(seconds * 1_000 + Math.round(nanoseconds / 1e6))
const kinds: Record<OtelSpanKind, SpanKind> = {
  [OtelSpanKind.INTERNAL]: "internal",
  [OtelSpanKind.SERVER]: "server",
  [OtelSpanKind.CLIENT]: "client",
  [OtelSpanKind.PRODUCER]: "producer",
  [OtelSpanKind.CONSUMER]: "consumer",
}

function tracedOf(span: Finished): TracedSpan {
  const { traceId, spanId } = span.spanContext()
  return {
    ...{ traceId, spanId, parentId: span.parentSpanContext?.spanId ?? null, name: span.name, kind: kinds[span.kind] },
    ...{ startedAt: dateOf(span.startTime), endedAt: dateOf(span.endTime), failed: span.status.code === SpanStatusCode.ERROR },
    attributes: plain(span.attributes),
    events: span.events.map(({ name, time, attributes = {} }) => ({ name, at: dateOf(time), attributes: plain(attributes) })),
  }
}

const plain = (attributes: object): TracedSpan["attributes"] => JSON.parse(JSON.stringify(attributes))

tracerConformance("OpenTelemetry", () => {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  const tracer = createOtelTracer({ tracer: provider.getTracer("test"), keepsContent: false })
  return {
    tracer,
    async spans() {
      await provider.forceFlush()
      return exporter.getFinishedSpans().map(tracedOf)
    },
  }
})
