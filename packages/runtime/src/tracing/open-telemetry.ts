// Loaded only when traces are exported: the rest of the process does not pay for the library.
import { hostname } from "node:os"
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources"
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace"
import type { Tracer } from "@sluice/core"
import type { Logger } from "../logger/create-logger.ts"
import { createOtelTracer } from "./otel-tracer.ts"
import { quietExporter } from "./quiet-exporter.ts"
import type { TraceSampler, TracingSettings } from "./tracing-settings.ts"

export interface OpenTelemetryOptions {
  readonly settings: TracingSettings
  readonly name: string
  readonly logger: Logger
}

/** So that a prompt that is traced on purpose does not fill the collector. */
const maxAttributeLength = 32_768

export async function openTelemetry({ settings, name, logger }: OpenTelemetryOptions): Promise<{
  readonly tracer: Tracer
  readonly close: () => Promise<void>
}> {
  const exporter = quietExporter({ exporter: await createExporter(settings.protocol), logger })
  const own = resourceFromAttributes({
    "service.name": `sluice-${name}`,
    "service.namespace": "sluice",
    "service.instance.id": `${hostname()}-${process.pid}`,
    "host.name": hostname(),
    "process.pid": process.pid,
  })
  const { everyMs: scheduledDelayMillis, maxBatch: maxExportBatchSize, maxWaiting: maxQueueSize } = settings
  const provider = new TracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(settings.sampler, settings.ratio),
    spanLimits: { attributeValueLengthLimit: maxAttributeLength },
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis, maxExportBatchSize, maxQueueSize })],
  })
  const tracer = createOtelTracer({ tracer: provider.getTracer("sluice"), keepsContent: settings.keepsContent })
  return { tracer, close: () => provider.shutdown() }
}

async function createExporter(protocol: TracingSettings["protocol"]): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === "http/json"
      ? await import("@opentelemetry/exporter-trace-otlp-http")
      : await import("@opentelemetry/exporter-trace-otlp-proto")
  return new OTLPTraceExporter()
}

function samplerOf(name: TraceSampler, ratio: number): Sampler {
  const [last = ""] = name.split("_").slice(name.startsWith("parentbased") ? 1 : 0)
  const root =
    last === "traceidratio" ? new TraceIdRatioBasedSampler(ratio) : name.endsWith("off") ? new AlwaysOffSampler() : new AlwaysOnSampler()
  return name.startsWith("parentbased") ? new ParentBasedSampler({ root }) : root
}
