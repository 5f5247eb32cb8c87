import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace"
import type { Logger } from "../logger/create-logger.ts"

export interface QuietExporterOptions {
  readonly exporter: SpanExporter
  readonly logger: Pick<Logger, "warn">
  readonly now?: () => number
}

const tellEveryMs = 60_000

/** Exports, and tells of what could not be exported once a minute at most: a collector that is away is nobody's emergency. */
export function quietExporter({ exporter, logger, now = () => performance.now() }: QuietExporterOptions): SpanExporter {
  let toldAtMs = Number.NEGATIVE_INFINITY
  let lost = 0

  function tell(spans: readonly ReadableSpan[], error: unknown): void {
    lost += spans.length
    if (now() - toldAtMs < tellEveryMs) return
    toldAtMs = now()
    logger.warn({ err: error, spans: lost }, "spans could not be sent to the collector and are dropped; jobs are not affected")
    lost = 0
  }

  return {
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error || result.code !== 0) tell(spans, result.error ?? new Error("The collector refused them"))
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
  }
}
