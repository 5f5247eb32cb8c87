import { type DeadLetter, type DeadLetterState, type Discard, deadLetterIdOfDelivery, type JobReplay } from "@sluice/core"

/**
 * What a dead letter reads and writes of a delivery. One that was given up has `failedAt` as long as it is open; a replay or a
 * discard moves that into `deadLetter`, so that a delivery that is given up once more, however it came to be tried, is open again.
 */
export interface DeadDeliveryDocument {
  readonly _id: string
  readonly tenantId: string
  readonly target: string
  readonly jobId?: string
  readonly eventType?: string
  readonly route?: string
  readonly status: "pending" | "delivered" | "failed"
  readonly tries: readonly { readonly httpStatus: number | null }[]
  readonly tryCount: number
  readonly roundTries: number
  readonly nextAttemptAt?: Date
  readonly lastError?: string
  readonly deliveredAt?: Date
  readonly failedAt?: Date
  readonly untoldAt?: Date
  readonly deadLetter?: {
    readonly at: Date
    readonly error?: string
    readonly httpStatus?: number | null
    readonly replays?: readonly JobReplay[]
    readonly discarded?: Discard
  }
}

/** Without the event's body and the secrets. */
export const deadDeliveryProjection = {
  tenantId: 1,
  target: 1,
  jobId: 1,
  route: 1,
  status: 1,
  tries: { $slice: -1 },
  tryCount: 1,
  lastError: 1,
  failedAt: 1,
  untoldAt: 1,
  eventType: 1,
  deadLetter: 1,
} as const

export function deadLetterOfDelivery(delivery: DeadDeliveryDocument): DeadLetter {
  const { _id: id, tenantId, target, status, failedAt, deadLetter } = delivery
  const createdAt = failedAt ?? deadLetter?.at
  if (!createdAt) throw new Error(`Delivery ${id} was found as a dead letter, but says not since when: the document is damaged`)
  const state = stateOf(delivery)
  const replays = deadLetter?.replays ?? []
  const isOpen = failedAt !== undefined
  const message = (isOpen ? delivery.lastError : deadLetter?.error) ?? "The receiver did not take the event."
  const httpStatus = (isOpen ? delivery.tries.at(-1)?.httpStatus : deadLetter?.httpStatus) ?? null
  return {
    id: deadLetterIdOfDelivery({ id }),
    kind: "delivery",
    state,
    tenantId,
    jobId: delivery.jobId ?? null,
    deliveryId: id,
    run: replays.length + 1,
    route: delivery.route ?? null,
    job: null,
    endpoint: target,
    error: { type: "delivery_failed", message, httpStatus },
    attemptCount: delivery.tryCount,
    createdAt,
    replays: replays.map((replay, index) => ({ ...replay, outcome: index === replays.length - 1 ? outcomeOf(status) : "failed" })),
    discarded: state === "discarded" ? (deadLetter?.discarded ?? null) : null,
  }
}

function stateOf({ status, failedAt }: DeadDeliveryDocument): DeadLetterState {
  switch (status) {
    case "pending":
      return "replaying"
    case "delivered":
      return "resolved"
    case "failed":
      return failedAt ? "open" : "discarded"
  }
}

export function outcomeOf(status: DeadDeliveryDocument["status"]): "succeeded" | "failed" | null {
  switch (status) {
    case "pending":
      return null
    case "delivered":
      return "succeeded"
    case "failed":
      return "failed"
  }
}
