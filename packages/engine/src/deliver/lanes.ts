import type { Clock } from "@sluice/core"

interface Lane {
  /** Taken and not done yet: running or waiting for a place. */
  taken: number
  running: number
  readonly waiting: (() => Promise<void>)[]
  /** The last request was answered with success: it may have more at a time. */
  isHealthy: boolean
  pausedUntilMs: number
}

export interface LaneLimits {
  /** Requests at a time to a receiver that answers, and to one that has not proved it. */
  readonly concurrency: number
  readonly cautiousConcurrency: number
  /** Deliveries that may wait here for a place, of a receiver that answers. */
  readonly ahead: number
  /** Deliveries of all lanes. */
  readonly total: number
}

/** A receiver that hangs holds two places of five hundred; one that answers keeps as many requests under way as helps. */
export const defaultLaneLimits: LaneLimits = { concurrency: 16, cautiousConcurrency: 2, ahead: 112, total: 512 }

export interface Lanes {
  /** Lanes that are not worth asking for more now. One with less than half of its places free is full: so what it gets next is worth a query. */
  full(): readonly string[]
  /** Takes a place in a lane, if there is one. */
  take(lane: string): boolean
  /** Runs a task in a place that was taken, as soon as the lane's concurrency allows, and frees the place. */
  run(lane: string, task: () => Promise<void>): void
  /** Gives a place back unused. */
  release(lane: string): void
  heal(lane: string, isHealthy: boolean): void
  /** Takes nothing for a while. */
  pause(lane: string, untilMs: number): void
  /** When the next pause ends; null when none is on. */
  nextResumeMs(): number | null
  /** Resolves when nothing is taken any more. */
  idle(): Promise<void>
}

/** Receivers of which it is remembered that they answer. */
const maxRemembered = 10_000

export interface LanesOptions {
  readonly limits: LaneLimits
  readonly clock: Clock
  /** Told when a place has become free in a lane that is not full. */
  readonly onRoom: () => void
}

/** Bookkeeping of who is being sent what. */
export function createLanes({ limits, clock, onRoom }: LanesOptions): Lanes {
  const lanes = new Map<string, Lane>()
  let total = 0
  let wakeIdle: () => void = () => undefined

  const laneOf = (name: string): Lane => {
    const known = lanes.get(name) ?? { taken: 0, running: 0, waiting: [], isHealthy: false, pausedUntilMs: 0 }
    lanes.set(name, known)
    return known
  }
  const concurrencyOf = ({ isHealthy }: Lane) => (isHealthy ? limits.concurrency : limits.cautiousConcurrency)
  const isPaused = ({ pausedUntilMs }: Lane) => pausedUntilMs > clock().getTime()
  const placesOf = ({ isHealthy }: Lane) => (isHealthy ? limits.concurrency + limits.ahead : limits.cautiousConcurrency)
  const roomOf = (lane: Lane) => (isPaused(lane) ? 0 : placesOf(lane) - lane.taken)
  const isFull = (lane: Lane) => roomOf(lane) < placesOf(lane) / 2

  function free(lane: Lane): void {
    lane.taken -= 1
    total -= 1
    if (total === 0) wakeIdle()
    if (!isFull(lane)) onRoom()
  }

  function start(lane: Lane): void {
    while (lane.running < concurrencyOf(lane)) {
      const task = lane.waiting.shift()
      if (!task) return
      lane.running += 1
      void task().finally(() => {
        lane.running -= 1
        free(lane)
        start(lane)
      })
    }
  }

  return {
    full() {
      for (const [name, lane] of lanes)
        if (lane.taken === 0 && !isPaused(lane) && !(lane.isHealthy && lanes.size <= maxRemembered)) lanes.delete(name)
      return [...lanes].flatMap(([name, lane]) => (isFull(lane) ? [name] : []))
    },
    take(name) {
      const lane = laneOf(name)
      if (total >= limits.total || roomOf(lane) < 1) return false
      lane.taken += 1
      total += 1
      return true
    },
    run(name, task) {
      const lane = laneOf(name)
      lane.waiting.push(task)
      start(lane)
    },
    release: (name) => free(laneOf(name)),
    heal(name, isHealthy) {
      const lane = laneOf(name)
      lane.isHealthy = isHealthy
      start(lane)
    },
    pause(name, untilMs) {
      const lane = laneOf(name)
      lane.pausedUntilMs = Math.max(lane.pausedUntilMs, untilMs)
    },
    nextResumeMs() {
      const ends = [...lanes.values()].map(({ pausedUntilMs }) => pausedUntilMs).filter((until) => until > clock().getTime())
      return ends.length > 0 ? Math.min(...ends) : null
    },
    async idle() {
      if (total === 0) return
      await new Promise<void>((resolve) => {
        wakeIdle = resolve
      })
    },
  }
}
