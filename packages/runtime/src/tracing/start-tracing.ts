import { noTracer, type Tracer } from "@sluice/core"
import type { Logger } from "../logger/create-logger.ts"
import type { Releasers } from "../shutdown/releasers.ts"
import type { TracingSettings } from "./tracing-settings.ts"

export interface StartTracingOptions {
  /** Null: nothing is traced, and nothing of OpenTelemetry is loaded. */
  readonly settings: TracingSettings | null
  /** The process, when `OTEL_SERVICE_NAME` names none: `api`, `worker`. */
  readonly name: string
  readonly logger: Logger
  readonly releasers: Releasers
}

/** A shutdown waits no longer for a collector: what is not sent by then is lost. */
const flushWithinMs = 3_000

/** Traces by OTLP, as the standard variables of OpenTelemetry say. Spans that are not sent yet when the process stops are sent then. */
export async function startTracing({ settings, name, logger, releasers }: StartTracingOptions): Promise<Tracer> {
  if (!settings) return noTracer
  const { openTelemetry } = await import("./open-telemetry.ts")
  const { tracer, close } = await openTelemetry({ settings, name, logger })
  releasers.push({
    name: "traces",
    timeoutMs: flushWithinMs + 1_000,
    // Not sent is told of by the exporter; it is no reason to call the shutdown a failure.
    release: () => Promise.race([close().catch(() => undefined), after(flushWithinMs)]),
  })
  logger.info({ sampler: settings.sampler, protocol: settings.protocol, content: settings.keepsContent }, "traces are exported")
  return tracer
}

function after(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs).unref()
  })
}
