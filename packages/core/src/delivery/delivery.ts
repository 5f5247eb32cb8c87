/** One request to a receiver, as the delivery keeps it. */
export interface DeliveryTry {
  readonly at: Date
  readonly httpStatus: number | null
  readonly durationMs: number
  /** What went wrong, in words; null when the receiver took the event. */
  readonly error: string | null
  /** The beginning of what it answered. */
  readonly responseBody: string | null
}

/** A delivery keeps its last so many tries; `tryCount` counts all. */
export const maxTriesKept = 20

export type DeliveryStatus = "pending" | "delivered" | "failed"

/** The targets of deliveries to the webhook that a job or a batch brought along. All other targets are webhook endpoints' ids. */
export const jobTarget = "job"
export const batchTarget = "batch"

/** Whether a delivery goes to a URL of its own, not to a registered endpoint. */
export function isOwnTarget(target: string): boolean {
  return target === jobTarget || target === batchTarget
}

/** One event on its way to one receiver. `failed` is final until someone has it delivered anew: it is a dead letter. */
export interface Delivery {
  /** `<event id>:<target>`, so that an event reaches each target through one delivery however often it is fanned out. */
  readonly id: string
  readonly tenantId: string
  readonly eventId: string
  readonly eventType: string
  readonly target: string
  readonly jobId: string | null
  readonly route: string | null
  /** Of the job or batch that it tells of, to go on with its trace. */
  readonly traceparent: string | null
  /** Of the request that asked for that job or batch. */
  readonly requestId: string | null
  /** Of a job's own webhook. An endpoint's URL and secrets are looked up at each try. */
  readonly url: string | null
  /** Of a job's own webhook; null: the tenant's default signs. */
  readonly secret: string | null
  /** What is sent, byte for byte the same at each try: the job as it was when the event arose. */
  readonly body: string
  /** Deliveries of one lane share a receiver, and wait for each other alone. */
  readonly lane: string
  readonly status: DeliveryStatus
  readonly tries: readonly DeliveryTry[]
  readonly tryCount: number
  /** Tries since the delivery was made, or was ordered anew: how far in the schedule it is. */
  readonly roundTries: number
  /** While it is leased: when the lease ends. Null once it is not pending. */
  readonly nextAttemptAt: Date | null
  /** Who is trying it now. */
  readonly leaseToken: string | null
  readonly lastError: string | null
  /** The last recovery that put it back in line. */
  readonly recoveryId: string | null
  readonly createdAt: Date
  readonly deliveredAt: Date | null
  readonly failedAt: Date | null
  /** When it was given up, until webhooks have been told of that dead letter. */
  readonly untoldAt: Date | null
}

/** How a leased delivery goes on. */
export type Settlement =
  | { readonly kind: "delivered"; readonly made: DeliveryTry }
  | { readonly kind: "retry"; readonly made: DeliveryTry; readonly nextAttemptAt: Date }
  /** Given up. Without a try when there is nobody to send to. */
  | { readonly kind: "failed"; readonly made: DeliveryTry | null; readonly at: Date; readonly error: string }
  /** Not tried after all: somebody else may, at once. */
  | { readonly kind: "released"; readonly nextAttemptAt: Date }

/** What a settlement makes of a delivery. */
export function settleDelivery(delivery: Delivery, settlement: Settlement): Delivery {
  const free = { ...delivery, leaseToken: null }
  switch (settlement.kind) {
    case "delivered":
      return {
        ...withTry(free, settlement.made),
        status: "delivered",
        nextAttemptAt: null,
        lastError: null,
        deliveredAt: settlement.made.at,
      }
    case "retry":
      return { ...withTry(free, settlement.made), nextAttemptAt: settlement.nextAttemptAt, lastError: settlement.made.error }
    case "failed": {
      const { at, error } = settlement
      const tried = settlement.made ? withTry(free, settlement.made) : free
      return { ...tried, status: "failed", nextAttemptAt: null, lastError: error, failedAt: at, untoldAt: at }
    }
    case "released":
      return { ...free, nextAttemptAt: settlement.nextAttemptAt }
  }
}

function withTry(delivery: Delivery, made: DeliveryTry): Delivery {
  const tries = [...delivery.tries, made].slice(-maxTriesKept)
  return { ...delivery, tries, tryCount: delivery.tryCount + 1, roundTries: delivery.roundTries + 1 }
}
