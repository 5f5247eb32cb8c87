import { setTimeout as sleep } from "node:timers/promises"
import type { Delivery } from "@sluice/core"
import type { Judgement } from "./judge-answer.ts"
import { createLanes, defaultLaneLimits, type LaneLimits, type Lanes } from "./lanes.ts"
import { type Receiver, receiversOf } from "./receiver.ts"
import { bookingHorizonMs, startTimes } from "./start-times.ts"
import { type TryDependencies, tryDelivery } from "./try-delivery.ts"
import { createWakeableRest } from "./wakeable-rest.ts"

export interface DelivererDependencies extends TryDependencies {
  readonly newToken: () => string
  readonly limits?: LaneLimits
  /** How long it takes at most to see what others have made due. Default 500 ms. */
  readonly pollMs?: number
}

export interface Deliverer {
  /** There may be something due. */
  wake(): void
  /** Takes nothing more, lets requests under way finish for `graceMs`, then ends them and hands their deliveries back. */
  close(options: { readonly graceMs: number }): Promise<void>
}

const lookLimit = 200
/** A lease outlives the request by this: for the settlement, and for clocks that differ. */
const leaseSlackMs = 15_000
/** The part of the slack that may have passed before the request begins. */
const lateStartMs = (leaseSlackMs * 2) / 3
const maxPauseMs = 300_000
const troublePauseMs = 1_000

/**
 * Delivers what is due. The store alone decides who tries what when: a delivery is leased for somewhat longer than a
 * request may take, and whoever dies in mid-delivery just lets the lease run out. Each receiver has a lane of its own.
 */
export function createDeliverer(dependencies: DelivererDependencies): Deliverer {
  const { clock, limits = defaultLaneLimits, pollMs = 500, observer } = dependencies
  const stopping = new AbortController()
  const aborting = new AbortController()
  const { wake, rest } = createWakeableRest()
  /** Whether the last look left something that had no room. */
  let isBehind = false
  const lanes = createLanes({ limits, clock, onRoom: () => isBehind && wake() })
  const context: Context = { ...dependencies, lanes, signal: aborting.signal }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const full = lanes.full()
        const { mayBeMore, leftSome } = await look(context, full)
        isBehind = leftSome || full.length > 0
        if (!mayBeMore) await rest(restMs())
      } catch (error) {
        observer.troubled(error)
        await sleep(troublePauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
  }

  function restMs(): number {
    const resumeMs = (lanes.nextResumeMs() ?? Number.POSITIVE_INFINITY) - clock().getTime()
    return Math.max(1, Math.min(pollMs, resumeMs))
  }

  const running = run()
  return {
    wake,
    async close({ graceMs }) {
      stopping.abort()
      wake()
      await running
      const timer = setTimeout(() => aborting.abort(), graceMs)
      await lanes.idle()
      clearTimeout(timer)
    },
  }
}

interface Context extends DelivererDependencies {
  readonly lanes: Lanes
  /** Ends the requests under way. */
  readonly signal: AbortSignal
}

interface Look {
  /** Further deliveries may be behind those that were looked at. */
  readonly mayBeMore: boolean
  /** Some had no room. */
  readonly leftSome: boolean
}

/** Takes what is due as far as there is room. */
async function look(context: Context, full: readonly string[]): Promise<Look> {
  const { deliveries, clock, lanes } = context
  const at = clock()
  const due = await deliveries.findDue({ at, limit: lookLimit, exceptLanes: full })
  const chosen = due.filter(({ lane }) => lanes.take(lane))
  if (chosen.length > 0) await leaseAndStart(context, chosen, at)
  return { mayBeMore: due.length === lookLimit && chosen.length > 0, leftSome: chosen.length < due.length }
}

async function leaseAndStart(context: Context, chosen: readonly Pick<Delivery, "id" | "lane">[], at: Date): Promise<void> {
  const { deliveries, lanes, settings, newToken } = context
  const token = newToken()
  const untilMs = at.getTime() + settings().timeoutMs + leaseSlackMs
  const places = new Map(chosen.map(({ id, lane }) => [id, lane]))
  try {
    const leased = await deliveries.lease({ ids: [...places.keys()], at, until: new Date(untilMs), token })
    const receiverOf = await receiversOf(context, leased)
    for (const ofLane of Map.groupBy(leased, ({ lane }) => lane).values()) {
      const works = await planLane(context, { deliveries: ofLane, receiverOf, token, untilMs })
      for (const work of works) {
        places.delete(work.delivery.id)
        lanes.run(work.delivery.lane, () => workOn(context, work).catch(context.observer.troubled))
      }
    }
  } finally {
    // What another process got first, or what could not be looked up: its lease runs out.
    for (const lane of places.values()) lanes.release(lane)
  }
}

interface Plan {
  /** Of one lane. */
  readonly deliveries: readonly Delivery[]
  readonly receiverOf: (delivery: Delivery) => Receiver
  readonly token: string
  readonly untilMs: number
}

interface Work {
  readonly delivery: Delivery
  readonly token: string
  readonly receiver: Receiver
  /** Null: the rate limit leaves no time for it now. */
  readonly startAt: Date | null
  readonly untilMs: number
}

async function planLane(context: Context, { deliveries, receiverOf, token, untilMs }: Plan): Promise<readonly Work[]> {
  const [first] = deliveries
  if (!first) return []
  const starts = await startTimes({ ...context, deliveries, receiver: receiverOf(first) })
  if (starts.length < deliveries.length) context.lanes.pause(first.lane, context.clock().getTime() + bookingHorizonMs)
  return deliveries.map((delivery, index) => ({ delivery, token, receiver: receiverOf(delivery), startAt: starts[index] ?? null, untilMs }))
}

/** A delivery that cannot be finished within its lease is not begun: somebody else might be sending it by then. */
async function workOn(context: Context, work: Work): Promise<void> {
  const { deliveries, clock, settings, signal, lanes } = context
  const { delivery, token, startAt, untilMs } = work
  if (startAt) await waitUntil(startAt, clock, signal)
  const latestStartMs = untilMs - settings().timeoutMs - leaseSlackMs + lateStartMs
  if (!startAt || clock().getTime() > latestStartMs || signal.aborted) {
    const nextAttemptAt = startAt ? clock() : new Date(clock().getTime() + bookingHorizonMs)
    await deliveries.settle({ id: delivery.id, token, settlement: { kind: "released", nextAttemptAt } })
    return
  }
  const judgement = await tryDelivery(context, work, signal)
  if (judgement) tellLane(lanes, delivery.lane, judgement, clock().getTime())
}

function tellLane(lanes: Lanes, lane: string, { verdict, isOverloaded, retryAfterMs }: Judgement, nowMs: number): void {
  lanes.heal(lane, verdict === "delivered")
  if (isOverloaded && retryAfterMs !== null) lanes.pause(lane, nowMs + Math.min(retryAfterMs, maxPauseMs))
}

async function waitUntil(time: Date, clock: () => Date, signal: AbortSignal): Promise<void> {
  const waitMs = time.getTime() - clock().getTime()
  if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined)
}
