import { describe, expect, test } from "vitest"
import { jobResource } from "../contract/job-resource.ts"
import { sampleAttempt, sampleFailure, sampleReplaying, sampleResult, sampleSuccess } from "../testing/sample-ending.ts"
import { sampleJob } from "../testing/sample-job.ts"
import type { Job, QueuedJob } from "./job.ts"
import { presentJob } from "./present-job.ts"
import { type JobCommand, transition } from "./transition.ts"

function after(job: Job, ...script: JobCommand[]): Job {
  return script.reduce((state, command) => {
    const result = transition(state, command)
    if (!result.applied) throw new Error(`${command.type} was refused: ${result.refusal}`)
    return result.job
  }, job)
}

const claim: JobCommand = { type: "claim", run: 1, claim: { token: "t", workerId: "w", at: new Date("2026-01-01T00:00:01.000Z") } }
const finish = (ending: ReturnType<typeof sampleSuccess> | ReturnType<typeof sampleFailure>): JobCommand => ({
  type: "finish",
  run: 1,
  token: "t",
  ending,
})
const secretive: QueuedJob = sampleJob({ webhook: { url: "https://a.example", events: ["job.failed"], secret: "whsec_c2VjcmV0" } })

const states: Record<string, Job> = {
  queued: secretive,
  waiting: sampleJob({ waiting: { reason: "rate_limited", endpoint: "a", since: new Date(0), until: new Date(9_000), refusals: 0 } }),
  running: after(secretive, claim),
  succeeded: after(secretive, claim, finish(sampleSuccess())),
  stored: after(
    secretive,
    claim,
    finish(
      sampleSuccess({ result: { ...sampleResult(), output: { at: "blob", blobId: "b", bytes: 9, contentType: "application/json" } } }),
    ),
  ),
  failed: after(secretive, { type: "abandon", run: 1, ending: sampleFailure() }),
  expired: after(secretive, { type: "abandon", run: 1, ending: sampleFailure({ status: "expired" }) }),
  cancelled: after(secretive, { type: "cancel", at: new Date(5), eventId: "e" }),
}

describe("presentJob", () => {
  test.each(Object.entries(states))("a %s job satisfies the wire's schema and tells no secret", (_state, job) => {
    const resource = presentJob(job, { expand: ["attempts", "waits", "runs", "deliveries", "input"] })
    expect(jobResource.parse(resource)).toEqual(resource)
    expect(JSON.stringify(resource)).not.toContain("whsec_")
  })

  test("every key is there in every state", () => {
    const keys = new Set(Object.values(states).map((job) => Object.keys(presentJob(job)).toSorted().join()))
    expect(keys.size).toBe(1)
  })

  test("a large output is a link, a small one is itself", () => {
    const { stored, succeeded } = states
    expect(stored && presentJob(stored)).toMatchObject({ output: null, outputUrl: `/v1/jobs/${stored?.id}/output` })
    expect(succeeded && presentJob(succeeded)).toMatchObject({ output: { text: "ok" }, outputUrl: null, usage: { inputTokens: 3 } })
  })

  test("a failed job names its dead letter, and attempts come only when asked for", () => {
    const { failed, succeeded } = states
    expect(failed && presentJob(failed)).toMatchObject({
      deadLetterId: failed?.id.replace("job_", "dl_"),
      error: { type: "invalid_input" },
    })
    expect(succeeded && presentJob(succeeded)).not.toHaveProperty("attempts")
    const attempt = sampleAttempt()
    const always = { isCostEstimated: false, images: 0, credential: "platform" }
    const expected = [{ ...attempt, ...always, startedAt: attempt.startedAt.toISOString() }]
    expect(succeeded && presentJob(succeeded, { expand: ["attempts"] }).attempts).toEqual(expected)
  })

  test("each run is told with what it failed with, also when the next one failed of something else", () => {
    const at = (ms: number) => new Date(Date.parse("2026-01-01T00:01:00.000Z") + ms)
    const failure = sampleFailure({ at: at(0), eventId: "e1" })
    const tell: JobCommand = { type: "tell" }
    const replaying = { ...sampleReplaying({ replayId: "rpl_a", at: at(1_000), route: "other" }), run: 1 }
    const again = sampleFailure({ at: at(2_000), eventId: "e2", status: "expired", error: { ...failure.error, type: "deadline_exceeded" } })
    const twice = after(
      secretive,
      claim,
      finish(failure),
      tell,
      { type: "replay", ...replaying },
      { type: "abandon", run: 2, ending: again },
    )
    const resource = presentJob(twice, { expand: ["runs"] })
    expect(jobResource.parse(resource).runs).toEqual([
      {
        run: 1,
        status: "failed",
        route: "chat",
        startedAt: "2026-01-01T00:00:01.000Z",
        finishedAt: at(0).toISOString(),
        error: failure.error,
        served: null,
        replay: null,
      },
      {
        run: 2,
        status: "expired",
        route: "other",
        startedAt: null,
        finishedAt: at(2_000).toISOString(),
        error: again.error,
        served: null,
        replay: { replayId: "rpl_a", by: replaying.by, at: at(1_000).toISOString() },
      },
    ])
  })
})
