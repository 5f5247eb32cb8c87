/** Either this caller did the work, and has its own outcome, or another did, and this is what it shared. */
export type FlightOutcome<Own, Shared> =
  | { readonly kind: "led"; readonly own: Own }
  | { readonly kind: "followed"; readonly shared: Shared }

export interface FlightRequest<Own, Shared> {
  /** Work under the same key is the same work. */
  readonly key: string
  /** Ends this caller's waiting for another; what it leads itself is not touched. */
  readonly signal: AbortSignal
  /**
   * Does the work. As soon as there is something that all may have, it calls `share`, once; whoever follows then goes on with
   * it. If it ends without, in whatever way, it has failed only for itself.
   */
  lead(share: (shared: Shared) => void): Promise<Own>
}

export interface SingleFlight<Shared> {
  /** Rejects with what `lead` rejects with, or with the signal's reason if it is aborted while this caller waits for another. */
  run<Own>(request: FlightRequest<Own, Shared>): Promise<FlightOutcome<Own, Shared>>
}

/** What a leader has to tell: something to share, or that it had nothing. */
type Landing<Shared> = { readonly shared: Shared } | null

/** A third failure in a row is more than one can ask a caller to wait for: then each goes alone. */
const maxFollowed = 2

/**
 * Lets callers in this process that want the same at the same time share one call. When a leader fails, one of those who
 * followed leads in its place; who has followed two that failed goes alone, so that nobody waits for a long row of failures.
 */
export function createSingleFlight<Shared>(): SingleFlight<Shared> {
  const flights = new Map<string, Promise<Landing<Shared>>>()

  async function lead<Own>({ key, lead: work }: FlightRequest<Own, Shared>): Promise<FlightOutcome<Own, Shared>> {
    const { promise: landing, resolve } = Promise.withResolvers<Landing<Shared>>()
    const land = (landed: Landing<Shared>) => {
      if (flights.get(key) === landing) flights.delete(key)
      resolve(landed)
    }
    flights.set(key, landing)
    try {
      return { kind: "led", own: await work((shared) => land({ shared })) }
    } finally {
      land(null)
    }
  }

  return {
    async run(request) {
      for (let followed = 0; followed < maxFollowed; followed += 1) {
        const flight = flights.get(request.key)
        if (!flight) break
        const landing = await untilAborted(flight, request.signal)
        if (landing) return { kind: "followed", shared: landing.shared }
      }
      return await lead(request)
    },
  }
}

/** The promise's outcome, unless the signal is aborted first. Leaves no listener behind. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener("abort", abort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener("abort", abort)
  }
}
