import type { Clock, EndpointResource, JobSignals, OperationsEvent, QueueInspector, RouteResource } from "@sluice/core"
import type { Operator } from "./operator.ts"

export interface OperationsFeedDependencies {
  readonly operator: Pick<Operator, "endpoints" | "routes">
  readonly queues: Pick<QueueInspector, "states">
  readonly routeNames: () => readonly string[]
  readonly signals: Pick<JobSignals, "onFinished">
  readonly clock: Clock
  /** Between two looks. No reader is told more often. Default 1 s. */
  readonly everyMs?: number
}

/** Tells whoever looks at the system of what changes in it: one look for all readers of this process, none without readers. */
export interface OperationsFeed {
  /** First how everything is, then each change, at most one a look; a slow reader gets the latest. Ends with the signal, or the feed. */
  follow(signal: AbortSignal): AsyncGenerator<OperationsEvent>
  close(): void
}

type View = Omit<OperationsEvent, "type" | "at" | "endedJobs">

interface Told {
  readonly version: number
  readonly text: string
  readonly view: View
  /** Ends that were heard of, since the feed was made. */
  readonly ended: number
}

const defaultEveryMs = 1_000

export function createOperationsFeed(dependencies: OperationsFeedDependencies): OperationsFeed {
  const { signals, clock, everyMs = defaultEveryMs } = dependencies
  const readers = new Set<() => void>()
  let told: Told | null = null
  let ended = 0
  let isClosed = false
  let stop: (() => void) | null = null

  async function look(): Promise<void> {
    const view = await viewOf(dependencies)
    const text = JSON.stringify(view)
    if (told !== null && told.text === text && told.ended === ended) return
    told = { version: (told?.version ?? 0) + 1, text, view, ended }
    for (const wake of readers) wake()
  }
  function start(): () => void {
    let timer: NodeJS.Timeout
    let isStopped = false
    const unsubscribe = signals.onFinished(() => {
      ended += 1
    })
    const lookAgain = () => {
      // While Redis does not answer there is nothing to tell; readers keep what they have.
      look()
        .catch(() => undefined)
        .finally(() => {
          if (!isStopped) timer = setTimeout(lookAgain, everyMs)
        })
    }
    lookAgain()
    return () => {
      isStopped = true
      clearTimeout(timer)
      unsubscribe()
    }
  }
  function leave(wake: () => void): void {
    readers.delete(wake)
    if (readers.size > 0) return
    stop?.()
    stop = null
    told = null
  }

  return {
    async *follow(signal) {
      const { wake, news } = createBell(signal)
      readers.add(wake)
      stop ??= start()
      let seen = { version: 0, ended }
      try {
        while (!signal.aborted && !isClosed) {
          if (told === null || told.version === seen.version) await news()
          else {
            const event = presentEvent(told, seen.ended, clock())
            seen = told
            yield event
          }
        }
      } finally {
        leave(wake)
      }
    },
    close() {
      isClosed = true
      for (const wake of readers) wake()
    },
  }
}

/** Resolves `news` at the next `wake`, or at once if there was one since, or the signal is aborted. */
function createBell(signal: AbortSignal): { readonly wake: () => void; readonly news: () => Promise<void> } {
  let rung = Promise.withResolvers<void>()
  const wake = () => rung.resolve()
  signal.addEventListener("abort", wake, { once: true })
  return {
    wake,
    async news() {
      await rung.promise
      rung = Promise.withResolvers<void>()
    },
  }
}

async function viewOf({ operator, queues, routeNames }: OperationsFeedDependencies): Promise<View> {
  const [endpoints, routes, states] = await Promise.all([operator.endpoints(), operator.routes(), queues.states(routeNames())])
  return {
    endpoints: endpoints.map(viewOfEndpoint),
    routes: routes.map(({ name, paused }: RouteResource) => ({ name, isPaused: paused !== null })),
    queues: states.map(({ route, waiting, prioritized, delayed, active, paused }) => {
      return { name: route, inLine: waiting + prioritized, delayed, active, isPaused: paused }
    }),
  }
}

function viewOfEndpoint({ name, breaker, inFlight, disabled }: EndpointResource): View["endpoints"][number] {
  const { state, forced, history } = breaker
  return { name, breaker: state, forced, changedAt: history[0]?.at ?? null, inFlight, isDisabled: disabled !== null }
}

function presentEvent({ view, ended }: Told, endedBefore: number, at: Date): OperationsEvent {
  return { type: "operations.changed", at: at.toISOString(), endedJobs: ended - endedBefore, ...view }
}
