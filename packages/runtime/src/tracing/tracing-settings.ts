/** How spans leave the process. Where to, and with which headers, the exporter reads from the standard variables itself. */
export interface TracingSettings {
  readonly protocol: "http/protobuf" | "http/json"
  readonly sampler: TraceSampler
  /** The share of traces that is kept, for samplers that have one: 0 to 1. */
  readonly ratio: number
  /** Spans may hold prompts and answers. */
  readonly keepsContent: boolean
  /** Spans are sent so often, or when there are `maxBatch` of them. */
  readonly everyMs: number
  readonly maxBatch: number
  /** Spans that wait to be sent; further ones are dropped. */
  readonly maxWaiting: number
}

/** As the specification of OpenTelemetry names them. */
export const traceSamplers = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const
export type TraceSampler = (typeof traceSamplers)[number]
