import type { ObjectivesConfig } from "../configuration/objectives.ts"

export const objectiveNames = ["availability", "quality", "latency", "cache_freshness"] as const
export type ObjectiveName = (typeof objectiveNames)[number]

/** A share of events that are to be good. */
export interface Objective {
  readonly name: ObjectiveName
  readonly target: number
  /** Above it an event counts as bad; null where that is not a matter of time. */
  readonly limitMs: number | null
}

const dayMs = 86_400_000
const defaults = {
  availability: { target: 0.99 },
  quality: { target: 0.95 },
  latency: { p99Ms: 60_000 },
  cacheFreshness: { maxAgeMs: dayMs, target: 0.95 },
} as const
/** A limit for the 99th percentile says that one in a hundred may be above it. */
const latencyTarget = 0.99

/** The objectives in force: what the route says, else what the installation says, else the defaults; `off` takes one out. */
export function objectivesOf(installation: ObjectivesConfig, route: ObjectivesConfig = {}): readonly Objective[] {
  const merged = { ...installation, ...route }
  const { availability = {}, quality = {}, latency = defaults.latency, cacheFreshness = {} } = merged
  const objectives: Objective[] = []
  if (availability !== "off") {
    objectives.push({ name: "availability", target: availability.target ?? defaults.availability.target, limitMs: null })
  }
  if (quality !== "off") objectives.push({ name: "quality", target: quality.target ?? defaults.quality.target, limitMs: null })
  if (latency !== "off") objectives.push({ name: "latency", target: latencyTarget, limitMs: latency.p99Ms })
  if (cacheFreshness !== "off") {
    const { maxAgeMs = defaults.cacheFreshness.maxAgeMs, target = defaults.cacheFreshness.target } = cacheFreshness
    objectives.push({ name: "cache_freshness", target, limitMs: maxAgeMs })
  }
  return objectives
}
