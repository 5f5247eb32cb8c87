import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { sampleFailure, sampleReplaying } from "../testing/sample-ending.ts"
import { sampleJob } from "../testing/sample-job.ts"
import { isFinal, type Job, type QueuedJob, type RunningJob, type Waiting } from "./job.ts"
import { type JobCommand, type Transition, transition } from "./transition.ts"
import { addWait, type EndedWait, endedWait, maxWaitsKept, mergeWaits } from "./waits.ts"

const start = Date.parse("2026-01-01T00:00:00.000Z")
const at = (ms: number) => new Date(start + ms)
const waitingFor = (reason: Waiting["reason"], since: Date): Waiting => ({ reason, endpoint: "a", since, until: null, refusals: 0 })
const wait = (fromMs: number, toMs: number, rest: Partial<EndedWait> = {}): EndedWait => ({
  ...{ run: 1, reason: "rate_limited", endpoint: "a", from: at(fromMs), to: at(toMs) },
  ...rest,
})

describe("endedWait", () => {
  const queued = sampleJob({ waiting: waitingFor("rate_limited", at(0)) })
  const claim = { token: "t", workerId: "w", at: at(700) }

  test("is what a job waited for, until it was claimed, or until now", () => {
    expect(endedWait(queued, { at: at(900) })).toEqual(wait(0, 900))
    expect(endedWait({ ...queued, claim }, { at: at(900) })).toEqual(wait(0, 700))
    expect(endedWait(queued, { at: at(900), next: waitingFor("budget", at(900)) })).toEqual(wait(0, 900))
    expect(endedWait(sampleJob(), { at: at(900) })).toBeNull()
  })

  test("is nothing while the job goes on waiting for the same", () => {
    expect(endedWait({ ...queued, claim }, { at: at(900), next: waitingFor("rate_limited", at(0)) })).toBeNull()
  })

  test("never ends before it began: clocks of two workers differ", () => {
    expect(endedWait(sampleJob({ waiting: waitingFor("budget", at(500)) }), { at: at(100) })).toMatchObject({ from: at(500), to: at(500) })
  })
})

describe("mergeWaits", () => {
  test("makes one of what goes on without a gap, and of what was written twice", () => {
    expect(mergeWaits([wait(0, 10), wait(0, 10), wait(10, 20), wait(15, 18)])).toEqual([wait(0, 20)])
  })

  test.each([
    ["a gap", wait(11, 20)],
    ["another reason", wait(10, 20, { reason: "budget" })],
    ["another endpoint", wait(10, 20, { endpoint: null })],
    ["another run", wait(10, 20, { run: 2 })],
  ])("keeps two apart that differ by %s", (_what, second) => {
    expect(mergeWaits([wait(0, 10), second])).toEqual([wait(0, 10), second])
  })

  const waits = fc.array(
    fc.record({
      run: fc.constantFrom(1, 2),
      reason: fc.constantFrom("rate_limited" as const, "budget" as const),
      endpoint: fc.constantFrom("a", null),
      from: fc.integer({ min: 0, max: 50 }).map(at),
      lengthMs: fc.integer({ min: 0, max: 20 }),
    }),
    { maxLength: 60, size: "max" },
  )

  test("loses no moment of waiting and no reason, and merging again changes nothing", () => {
    fc.assert(
      fc.property(waits, (drawn) => {
        const list = drawn.map(({ lengthMs, ...fields }) => ({ ...fields, to: new Date(fields.from.getTime() + lengthMs) }))
        const merged = mergeWaits(list)
        expect(mergeWaits(merged)).toEqual(merged)
        for (const { run, reason, endpoint, from, to } of list) {
          const holds = (one: EndedWait) =>
            one.run === run && one.reason === reason && one.endpoint === endpoint && one.from <= from && one.to >= to
          expect(merged.some(holds)).toBe(true)
        }
        const kept = list.reduce<readonly EndedWait[]>(addWait, [])
        expect(kept).toEqual(list.slice(-maxWaitsKept))
      }),
    )
  })
})

describe("the waits of a job", () => {
  type Step = "claim" | "wait" | "same" | "free" | "park" | "resume" | "rescue" | "cancel" | "expire" | "replay"
  const steps = fc.array(
    fc.record({
      step: fc.constantFrom<Step>("claim", "claim", "wait", "same", "free", "park", "resume", "rescue", "cancel", "expire", "replay"),
      reason: fc.constantFrom("rate_limited" as const, "budget" as const, "breaker_open" as const),
      afterMs: fc.integer({ min: 1, max: 1_000 }),
    }),
    { maxLength: 200, size: "max" },
  )

  interface Moment {
    readonly step: Step
    readonly now: Date
    /** What it is to wait for. */
    readonly next: Waiting
  }

  /** Commands as the engine sends them: what ended is told with the write that ends it. */
  function commandOf(job: Job, { step, reason }: { step: Step; reason: Waiting["reason"] }, now: Date): JobCommand | null {
    if (step === "replay") return { type: "replay", ...sampleReplaying({ replayId: `rpl_${job.run}` }), run: job.run }
    if (isFinal(job)) return null
    const next = step === "same" && job.waiting ? job.waiting : waitingFor(reason, now)
    const moment = { step, now, next }
    return outerEnd(job, moment) ?? (job.status === "queued" ? commandInLine(job, moment) : commandOfExecution(job, moment))
  }

  function outerEnd(job: QueuedJob | RunningJob, { step, now: at }: Moment): JobCommand | null {
    if (step === "cancel") return { type: "cancel", at, eventId: `evt_${at.getTime()}` }
    const waited = endedWait(job, { at })
    return step === "expire" ? { type: "abandon", run: job.run, ending: sampleFailure({ at, isUnheard: true, waited }) } : null
  }

  function commandInLine(job: QueuedJob, { step, now: at, next }: Moment): JobCommand | null {
    const { run } = job
    if (step === "claim") return { type: "claim", run, claim: { token: "t", workerId: "w", at } }
    if (step === "park") return { type: "park", run, waiting: next, waited: endedWait(job, { at, next }) }
    return step === "resume" ? { type: "resume", run, at, waited: endedWait(job, { at }) } : null
  }

  function commandOfExecution(job: RunningJob, { step, now: at, next: asked }: Moment): JobCommand | null {
    const named = { run: job.run, token: "t" }
    if (step === "rescue") return { type: "rescue", ...named, at, waited: endedWait(job, { at }) }
    if (step !== "free" && step !== "wait" && step !== "same") return null
    const next = step === "free" ? null : asked
    const back = { notBefore: null, enqueueDueAt: at, attempts: [], waiting: next, waited: endedWait(job, { at, next }) }
    return { type: "hand_back", ...named, ...back }
  }

  /** What a job waited for when it was left as it was, if it is over with what came of it. */
  function overBetween(before: Job, after: Job): Omit<EndedWait, "to"> | null {
    const waiting = "waiting" in before ? before.waiting : null
    const next = "waiting" in after ? after.waiting : null
    if (waiting === null || next?.since.getTime() === waiting.since.getTime()) return null
    return { run: before.run, reason: waiting.reason, endpoint: waiting.endpoint, from: waiting.since }
  }

  function live(script: readonly { step: Step; reason: Waiting["reason"]; afterMs: number }[]) {
    let job: Job = sampleJob()
    let now = start
    const over: Omit<EndedWait, "to">[] = []
    for (const step of script) {
      now += step.afterMs
      const command = commandOf(job, step, new Date(now))
      const outcome: Transition | null = command && transition(job, command)
      if (!outcome?.applied) continue
      const wait = overBetween(job, outcome.job)
      if (wait) over.push(wait)
      job = outcome.job
    }
    return { job, over }
  }

  test("are bounded, follow one another, and say of each wait that has ended when and why it was", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { job, over } = live(script)
        expect(job.waits.length).toBeLessThanOrEqual(maxWaitsKept)
        expect(job.waits.map(({ to: _to, ...rest }) => rest)).toEqual(over.slice(-maxWaitsKept))
        job.waits.forEach(({ from, to }, index) => {
          const following = job.waits[index + 1]
          expect(to.getTime()).toBeGreaterThanOrEqual(from.getTime())
          if (following) expect(following.from.getTime()).toBeGreaterThanOrEqual(to.getTime())
        })
      }),
    )
  })
})
