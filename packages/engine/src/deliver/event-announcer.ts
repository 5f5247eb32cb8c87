import { setTimeout as sleep } from "node:timers/promises"
import type { Job, WebhookEndpointStore } from "@sluice/core"
import { type FanOut, startedEventType } from "./fan-out.ts"

export interface EventAnnouncerOptions {
  readonly fanOut: Pick<FanOut, "ofOutbox" | "ofStarts">
  readonly endpoints: Pick<WebhookEndpointStore, "listenersOf">
  /** Told when events could not be fanned out; for those of the outbox the upkeep does it. */
  readonly onError: (error: unknown) => void
  /** What ends within this time is fanned out together. Default 20 ms. */
  readonly lingerMs?: number
}

/** Tells webhooks soon what has just happened to jobs. It holds nobody up and throws nothing; what it loses is in the outbox. */
export interface EventAnnouncer {
  /** A job as its ending left it. */
  jobEnded(job: Job): void
  /** A job that has been claimed, also for a further time: it is told once for a run. */
  jobStarted(job: Job): void
  /** Resolves when what it has been told is fanned out. */
  close(): Promise<void>
}

const maxBatch = 200
/** The rest is left to the upkeep. */
const maxWaiting = 10_000
/** How long it is believed that nobody asked for `job.started`. */
const subscriptionTtlMs = 2_000

export function createEventAnnouncer({ fanOut, endpoints, onError, lingerMs = 20 }: EventAnnouncerOptions): EventAnnouncer {
  const ended: Job[] = []
  const started: Job[] = []
  const asksForStarts = createSubscriptionMemory(endpoints)
  let running: Promise<void> | null = null

  function add(list: Job[], job: Job): void {
    if (list.length >= maxWaiting) return
    list.push(job)
    running ??= run().finally(() => {
      running = null
    })
  }

  async function run(): Promise<void> {
    await sleep(lingerMs)
    while (ended.length > 0 || started.length > 0) {
      await announceStarts(started.splice(0, maxBatch)).catch(onError)
      await fanOut.ofOutbox(ended.splice(0, maxBatch)).catch(onError)
    }
  }

  async function announceStarts(jobs: readonly Job[]): Promise<void> {
    const asked: Job[] = []
    for (const job of jobs) {
      if (job.webhook?.events.includes(startedEventType) || (await asksForStarts(job.tenantId))) asked.push(job)
    }
    if (asked.length > 0) await fanOut.ofStarts(asked)
  }

  return {
    jobEnded: (job) => add(ended, job),
    jobStarted: (job) => add(started, job),
    async close() {
      await running
    },
  }
}

/** Every claim asks, and hardly any tenant ever says yes, so an answer is kept for a moment. */
function createSubscriptionMemory(endpoints: EventAnnouncerOptions["endpoints"]): (tenantId: string) => Promise<boolean> {
  const known = new Map<string, { readonly asks: boolean; readonly untilMs: number }>()
  return async (tenantId) => {
    const now = performance.now()
    const remembered = known.get(tenantId)
    if (remembered && remembered.untilMs > now) return remembered.asks
    for (const [tenant, { untilMs }] of known) if (untilMs <= now) known.delete(tenant)
    const found = await endpoints.listenersOf([tenantId])
    const asks = found.some(({ events }) => events.includes(startedEventType))
    known.set(tenantId, { asks, untilMs: now + subscriptionTtlMs })
    return asks
  }
}
