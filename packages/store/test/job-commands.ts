import { type Job, type JobCommand, type JobStore, type Refusal, transition } from "@sluice/core"
import { sampleAttempt, sampleFailure, sampleSuccess } from "@sluice/core/testing"
import fc from "fast-check"

/** A command of the port; `discard` is one of another. */
export type StoreCommand = Exclude<JobCommand, { type: "discard" }>

/** What a command came to, the same for all of them: applied, or why not. */
export type Answer = "applied" | "not_due" | "gone" | Refusal | "missing"

const start = Date.parse("2026-01-01T00:00:00.000Z")
const time = fc.integer({ min: 0, max: 9 }).map((seconds) => new Date(start + seconds * 1_000))
const run = fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) })
const attempts = fc
  .integer({ min: 0, max: 60 })
  .map((count) => Array.from({ length: count }, (_, index) => sampleAttempt({ number: index + 1 })))
const waiting = fc.option(
  time.map((since) => ({ reason: "retry_backoff", endpoint: "a", since, until: null, refusals: 0 }) as const),
  { freq: 2 },
)
const waited = fc.option(
  fc.tuple(time, time).map(([from, to]) => ({ run: 1, reason: "budget", endpoint: "$b", from, to }) as const),
  { freq: 2 },
)
const ending = (eventId: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.record({ at: time, eventId, attempts, waited }).map((fields) => sampleSuccess(fields)),
    fc
      .record({ at: time, eventId, attempts, waited, status: fc.constantFrom("failed" as const, "expired" as const) })
      .map((fields) => sampleFailure(fields)),
  )

export interface Tokens {
  /** What claims set. */
  readonly claimed: fc.Arbitrary<string>
  /** What executions name. */
  readonly named: fc.Arbitrary<string>
}

/** Any command. Event ids are unique, as they are in production. */
export function storeCommand({ claimed, named }: Tokens): fc.Arbitrary<StoreCommand> {
  const eventId = fc.uuid().map((uuid) => `evt_${uuid}`)
  const claim = fc.record({ token: claimed, workerId: fc.constant("w"), at: time })
  const handBack = fc.record({ run, token: named, notBefore: fc.option(time, { freq: 2 }), waiting, enqueueDueAt: time, attempts, waited })
  const replay = fc.record({
    type: fc.constant("replay" as const),
    run,
    replayId: fc.uuid(),
    by: fc.constantFrom("admin", "$by"),
    requestId: fc.option(fc.constantFrom("req_1", "$run")),
    at: time,
    deadline: time,
    enqueueDueAt: time,
    route: fc.option(fc.constantFrom("other", "$route")),
    options: fc.constantFrom({}, { onlyEndpoint: "b", cacheKey: "$x", priority: "bulk" as const }),
  })
  const abandoned = fc.record({ at: time, eventId, attempts, waited }).map((fields) => sampleFailure(fields))
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ type: fc.constant("claim" as const), run, claim }) },
    { weight: 6, arbitrary: handBack.map((fields) => ({ type: "hand_back" as const, ...fields })) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("finish" as const), run, token: named, ending: ending(eventId) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("cancel" as const), at: time, eventId }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("abandon" as const), run, ending: abandoned }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("abandon" as const), run, token: named, ending: abandoned }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("rescue" as const), run, token: named, at: time, waited }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("park" as const), run, waiting, waited }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("resume" as const), run, at: time, waited }) },
    { weight: 2, arbitrary: replay },
    { weight: 2, arbitrary: fc.constant({ type: "tell" as const }) },
  )
}

/** Sends a command to the store. */
export async function send(store: JobStore, { id, tenantId }: Pick<Job, "id" | "tenantId">, command: StoreCommand): Promise<Answer> {
  switch (command.type) {
    case "claim": {
      const { kind } = await store.claim({ id, ...command })
      return kind === "claimed" ? "applied" : kind
    }
    case "cancel": {
      const { kind } = await store.cancel({ id, tenantId, ...command })
      if (kind === "missing") return kind
      return kind === "cancelled" ? "applied" : "finished"
    }
    case "hand_back":
      return answerOf(await store.handBack({ id, ...command }))
    case "finish":
      return answerOf(await store.finish({ id, ...command }))
    case "abandon":
      return answerOf(await store.abandon({ id, ...command }))
    case "rescue":
      return answerOf(await store.rescue({ id, ...command }))
    case "park":
      return answerOf(await store.park({ id, ...command }))
    case "resume":
      return answerOf(await store.resume({ id, ...command }))
    case "tell": {
      const events = (await store.find({ id, tenantId }))?.events ?? []
      await store.markFannedOut(events.map((event) => ({ jobId: id, eventId: event.id })))
      return "applied"
    }
    case "replay":
      return answerOf(await store.replay({ id, ...command }))
  }
}

function answerOf(outcome: { applied: true } | { applied: false; refusal: Answer }): Answer {
  return outcome.applied ? "applied" : outcome.refusal
}

/** What the specification says of a command, in the words of `send`. */
export function specified(job: Job, command: StoreCommand): { readonly answer: Answer; readonly job: Job } {
  const result = transition(job, command)
  if (result.applied) return { answer: "applied", job: result.job }
  const isGone = command.type === "claim" && result.refusal !== "not_due"
  return { answer: isGone ? "gone" : result.refusal, job }
}
