import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { sampleAttempt, sampleFailure, sampleReplaying, sampleSuccess } from "../testing/sample-ending.ts"
import { sampleJob } from "../testing/sample-job.ts"
import { isFinal, type Job } from "./job.ts"
import { endJob, type JobCommand, transition } from "./transition.ts"

const tokens = fc.constantFrom("a", "b")
/** Most name the first run, so that scripts get somewhere. */
const runs = fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 2, arbitrary: fc.constant(2) }, fc.constant(3))
const times = fc.date({ min: new Date("2026-01-01T00:00:00Z"), max: new Date("2026-01-02T00:00:00Z"), noInvalidDate: true })
const attempts = fc.array(fc.constant(sampleAttempt()), { maxLength: 60 })
const notBefore = fc.option(times)

const claims = fc.record({
  type: fc.constant("claim" as const),
  run: runs,
  claim: fc.record({ token: tokens, workerId: fc.constant("w"), at: times }),
})

const handBacks = fc.record({
  type: fc.constant("hand_back" as const),
  run: runs,
  token: tokens,
  notBefore,
  waiting: fc.constant(null),
  enqueueDueAt: times,
  attempts,
})

const replays = fc.record({
  type: fc.constant("replay" as const),
  run: runs,
  replayId: fc.constantFrom("rpl_a", "rpl_b"),
  by: fc.constant("admin"),
  requestId: fc.option(fc.constant("req_replay")),
  at: times,
  deadline: times,
  enqueueDueAt: times,
  route: fc.option(fc.constant("other")),
  options: fc.constantFrom({}, { onlyEndpoint: "b" }),
})

const commands: fc.Arbitrary<JobCommand> = fc.oneof(
  { weight: 5, arbitrary: claims },
  { weight: 4, arbitrary: handBacks },
  fc.record({ type: fc.constant("rescue" as const), run: runs, token: tokens, at: times }),
  fc.record({ type: fc.constant("resume" as const), run: runs, at: times }),
  fc.record({ type: fc.constant("park" as const), run: runs, waiting: fc.constant(null) }),
  fc.record({
    type: fc.constant("finish" as const),
    run: runs,
    token: tokens,
    ending: fc.oneof(
      fc.record({ at: times, eventId: fc.uuid(), attempts }).map((end) => sampleSuccess(end)),
      fc
        .record({ at: times, eventId: fc.uuid(), attempts, status: fc.constantFrom("failed" as const, "expired" as const) })
        .map((end) => sampleFailure(end)),
    ),
  }),
  fc.record({ type: fc.constant("cancel" as const), at: times, eventId: fc.uuid() }),
  fc.record({
    type: fc.constant("abandon" as const),
    run: runs,
    token: fc.option(tokens, { nil: undefined }),
    ending: fc.record({ at: times, eventId: fc.uuid() }).map((end) => sampleFailure(end)),
  }),
  { weight: 3, arbitrary: fc.constant({ type: "tell" as const }) },
  { weight: 3, arbitrary: replays },
  fc.record({ type: fc.constant("discard" as const), run: runs, by: fc.constant("admin"), reason: fc.constant("old"), at: times }),
)

const legalSteps: Record<Job["status"], readonly Job["status"][]> = {
  queued: ["queued", "running", "cancelled", "expired", "failed"],
  running: ["running", "queued", "succeeded", "failed", "cancelled", "expired"],
  succeeded: ["succeeded"],
  failed: ["queued", "failed"],
  cancelled: ["cancelled"],
  expired: ["queued", "expired"],
}

const keysOfState: Record<Job["status"], readonly string[]> = {
  queued: ["notBefore", "waiting", "enqueueDueAt"],
  running: ["claim", "waiting"],
  succeeded: ["finishedAt", "result"],
  failed: ["finishedAt", "error"],
  cancelled: ["finishedAt", "cancelRequestedAt"],
  expired: ["finishedAt", "error"],
}
const allStateKeys = new Set(Object.values(keysOfState).flat())

/** Runs the commands and shows each applied step to `check`. */
function live(script: readonly JobCommand[], check: (step: { before: Job; after: Job; command: JobCommand }) => void): Job {
  let job: Job = sampleJob()
  for (const command of script) {
    const result = transition(job, command)
    if (!result.applied) continue
    check({ before: job, after: result.job, command })
    job = result.job
  }
  return job
}

const scripts = fc.array(commands, { maxLength: 40, size: "max" })

describe("transition", () => {
  test("takes legal steps only, and leaves nothing of the state before", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        live(script, ({ before, after }) => {
          expect(legalSteps[before.status]).toContain(after.status)
          const keys = Object.keys(after).filter((key) => allStateKeys.has(key))
          expect(keys.toSorted()).toEqual(keysOfState[after.status].toSorted())
        })
      }),
    )
  })

  test("ends each run exactly once, with exactly one event", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        let endings = 0
        const job = live(script, ({ before, after, command }) => {
          if (isFinal(before)) expect(["replay", "discard", "tell"]).toContain(command.type)
          if (isFinal(after) && command.type !== "discard" && command.type !== "tell") endings += 1
          expect(after.run).toBe(command.type === "replay" ? before.run + 1 : before.run)
        })
        expect(job.events).toHaveLength(endings)
        expect(new Set(job.events.map(({ run }) => run)).size).toBe(endings)
        expect(endings).toBe(isFinal(job) ? job.run : job.run - 1)
      }),
    )
  })

  test("obeys only the execution that claimed last", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        live(script, ({ before, command }) => {
          const isOfExecution = command.type === "hand_back" || command.type === "finish" || command.type === "rescue"
          if (!isOfExecution && !(command.type === "abandon" && command.token !== undefined)) return
          expect(before).toMatchObject({ status: "running", run: command.run, claim: { token: command.token } })
        })
      }),
    )
  })

  test("obeys no command for another run", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        live(script, ({ before, command }) => {
          if ("run" in command) expect(command.run).toBe(before.run)
        })
      }),
    )
  })

  test("never claims before its time", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        live(script, ({ before, command }) => {
          if (command.type !== "claim" || before.status !== "queued" || before.notBefore === null) return
          expect(command.claim.at.getTime()).toBeGreaterThanOrEqual(before.notBefore.getTime())
        })
      }),
    )
  })

  test("counts the executions that were lost in a row", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        let lost = 0
        live(script, ({ before, after, command }) => {
          if (command.type === "rescue" || (command.type === "claim" && before.status === "running")) lost += 1
          if (command.type === "hand_back" || command.type === "replay") lost = 0
          expect(after.rescues).toBe(lost)
        })
      }),
    )
  })

  test("counts every attempt and keeps the last hundred", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        let made = 0
        const job = live(script, ({ command }) => {
          if (command.type === "hand_back") made += command.attempts.length
          if (command.type === "finish") made += command.ending.attempts.length
        })
        expect(job.attemptCount).toBe(made)
        expect(job.attempts).toHaveLength(Math.min(made, 100))
      }),
    )
  })

  test("has a dead letter from the first failed run on, which no replay takes up twice and none after it was discarded", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const job = live(script, ({ before, after, command }) => {
          if (after.status === "failed" || after.status === "expired") {
            expect(after.deadLetter).toMatchObject({ at: after.finishedAt, error: after.error })
          }
          expect(after.deadLetter !== null).toBe(after.events.some(({ type }) => type === "job.failed" || type === "job.expired"))
          if (command.type === "replay" || command.type === "discard") expect(before.deadLetter?.discarded).toBeNull()
        })
        const replays = job.deadLetter?.replays ?? []
        expect(new Set(replays.map(({ replayId }) => replayId)).size).toBe(replays.length)
        expect(replays.map(({ run }) => run)).toEqual(Array.from({ length: job.run - 1 }, (_, index) => index + 2))
      }),
    )
  })

  test("starts no run over an end that was not told, and un-tells none", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        live(script, ({ before, after, command }) => {
          const toldBefore = before.events.filter(({ fannedOut }) => fannedOut)
          if (command.type === "replay") expect(toldBefore).toEqual(before.events)
          expect(after.events).toEqual(expect.arrayContaining(toldBefore))
        })
      }),
    )
  })

  test("a replay's run goes back to the request that asked for it; where that is not known, to the job's own", () => {
    const job = sampleJob({ requestId: "req_first" })
    const failed = endJob(job, sampleFailure({ isUnheard: true }))
    const replayed = (requestId: string | null) => transition(failed, { type: "replay", run: 1, ...sampleReplaying({ requestId }) })
    expect(replayed("req_replay")).toMatchObject({ job: { run: 2, requestId: "req_replay" } })
    expect(replayed(null)).toMatchObject({ job: { run: 2, requestId: "req_first" } })
  })

  test("replays what failed or expired, and says why it does not replay the rest", () => {
    const replay = { type: "replay", run: 1, ...sampleReplaying({ route: "other", options: { onlyEndpoint: "b" } }) } as const
    expect(transition(sampleJob(), replay)).toEqual({ applied: false, refusal: "not_replayable" })
    const failed = transition(sampleJob(), { type: "abandon", run: 1, ending: sampleFailure() })
    expect(failed.applied && transition(failed.job, replay)).toEqual({ applied: false, refusal: "untold" })
    const told = failed.applied ? transition(failed.job, { type: "tell" }) : failed
    const replayed = told.applied ? transition(told.job, replay) : told
    const { deadline, replayId, at, by } = replay
    expect(replayed).toMatchObject({
      applied: true,
      job: { status: "queued", run: 2, startedAt: null, deadline, route: "other", options: { onlyEndpoint: "b", priority: "standard" } },
    })
    expect(replayed.applied && replayed.job.deadLetter?.replays).toMatchObject([
      { replayId, run: 2, at, by, failure: { route: "chat", at: sampleFailure().at, error: sampleFailure().error } },
    ])
  })
})
