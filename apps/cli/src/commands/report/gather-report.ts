import {
  type AlertResource,
  type Client,
  type DeadLetterSummary,
  type EndpointResource,
  type SloResource,
  SluiceError,
  type UsageResource,
} from "@sluice/client"
import type { SloWindow } from "@sluice/core"

/** A breaker that opened, and when it closed again. */
export interface BreakerOpening {
  readonly endpoint: string
  readonly at: string
  /** Null: it has not. */
  readonly until: string | null
  /** Who forced it; null: it opened by itself. */
  readonly by: string | null
}

/** What a report is made of. Null: the key may not see it. */
export interface Report {
  readonly object: "report"
  readonly window: SloWindow
  readonly since: string
  readonly until: string
  readonly slo: SloResource
  readonly usage: UsageResource
  readonly alerts: readonly AlertResource[] | null
  readonly breakerOpenings: readonly BreakerOpening[] | null
  /** Open ones of the tenant that the key acts for. */
  readonly deadLetters: DeadLetterSummary | null
}

export interface GatherReportOptions {
  readonly client: Client
  readonly window: SloWindow
  readonly now: Date
  readonly signal: AbortSignal
}

const maxAlerts = 200

/** Asks the API for all that a report tells. */
export async function gatherReport({ client, window, now, signal }: GatherReportOptions): Promise<Report> {
  const slo = await client.usage.objectives({ window }, { signal })
  const since = slo.from
  const [usage, alerts, endpoints, deadLetters] = await Promise.all([
    client.usage.report({ from: since.slice(0, 10), to: now.toISOString().slice(0, 10), groupBy: ["route", "model"] }, { signal }),
    unlessForbidden(() => firstOf(client.alerts.list({ since, limit: maxAlerts }, { signal }), maxAlerts)),
    unlessForbidden(() => firstOf(client.endpoints.list({ signal }), Number.POSITIVE_INFINITY)),
    unlessForbidden(() => client.deadLetters.summary({ by: "errorType" }, { signal })),
  ])
  const breakerOpenings = endpoints?.flatMap((endpoint) => openingsOf(endpoint, since)) ?? null
  return { object: "report", window, since, until: now.toISOString(), slo, usage, alerts, breakerOpenings, deadLetters }
}

async function unlessForbidden<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof SluiceError && error.status === 403) return null
    throw error
  }
}

async function firstOf<T>(items: AsyncIterable<T>, limit: number): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) {
    if (found.push(item) >= limit) break
  }
  return found
}

/** From when it left `closed` until it came back. */
function openingsOf({ name, breaker }: EndpointResource, since: string): BreakerOpening[] {
  const openings: BreakerOpening[] = []
  let opened: BreakerOpening | null = null
  for (const { at, state, by } of breaker.history) {
    if (state === "open") opened ??= { endpoint: name, at, until: null, by }
    if (state !== "closed" || opened === null) continue
    openings.push({ ...opened, until: at })
    opened = null
  }
  return [...openings, ...(opened ? [opened] : [])].filter(({ until }) => until === null || until >= since)
}
