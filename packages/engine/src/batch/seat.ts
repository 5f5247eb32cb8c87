import type { EmbeddingInput } from "@sluice/core"
import type { AskOutcome, AskRequest } from "../execute/ask-endpoint.ts"
import { attemptsOfRun } from "../execute/execution.ts"
import type { BatchSize, Collectable } from "./collector.ts"

/** One request's place in a call that several share. Whoever leaves it early gives up nothing of the others'. */
export interface Seat extends Collectable {
  readonly request: AskRequest
  readonly input: EmbeddingInput
  readonly size: BatchSize
  readonly joinedAt: Date
  /** Before this call; that the call was split is no retry. */
  readonly isRetry: boolean
  /** Aborted as soon as the request has its outcome. */
  readonly gone: AbortSignal
  readonly outcome: Promise<AskOutcome>
  /** The first outcome counts. */
  conclude(outcome: AskOutcome): void
  fail(error: unknown): void
}

export type SeatRequest = Pick<Seat, "request" | "input" | "size" | "joinedAt">

/** Takes a seat for a request, until its signal is aborted. */
export function takeSeat({ request, ...place }: SeatRequest): Seat {
  const { signal } = request.execution
  const { promise: outcome, resolve, reject } = Promise.withResolvers<AskOutcome>()
  const leaving = new AbortController()
  const interrupt = () => conclude({ kind: "interrupted" })
  function close(): void {
    signal.removeEventListener("abort", interrupt)
    leaving.abort()
  }
  function conclude(concluded: AskOutcome): void {
    resolve(concluded)
    close()
  }
  signal.addEventListener("abort", interrupt, { once: true })
  if (signal.aborted) interrupt()
  return {
    ...place,
    request,
    isRetry: attemptsOfRun(request.execution).length > 0,
    gone: leaving.signal,
    outcome,
    conclude,
    fail(error) {
      reject(error)
      close()
    },
  }
}

/** Aborted when nobody is left. */
export function whenAllAreGone(seats: readonly Seat[]): AbortSignal {
  const controller = new AbortController()
  let left = seats.length
  const leave = () => {
    left -= 1
    if (left === 0) controller.abort()
  }
  for (const { gone } of seats) {
    if (gone.aborted) leave()
    else gone.addEventListener("abort", leave, { once: true })
  }
  return controller.signal
}
