import { collectDefaultMetrics, Gauge, Registry } from "@prometheus-io/client"
import manifest from "../../package.json" with { type: "json" }

export interface CreateMetricsRegistryOptions {
  /** The process: `api`, `worker`. A label of every series. */
  readonly service: string
}

/** A registry of its own for each process, with what Node tells of itself: event-loop lag, heap, garbage collection, CPU. */
export function createMetricsRegistry({ service }: CreateMetricsRegistryOptions): Registry {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  new Gauge({ name: "sluice_build_info", help: "1; the version is a label.", labelNames: ["version"], registers: [registry] }).set(
    { version: manifest.version },
    1,
  )
  return registry
}
