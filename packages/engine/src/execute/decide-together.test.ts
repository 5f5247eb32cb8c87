import type { QueuedJob } from "@sluice/core"
import { sampleJob } from "@sluice/core/testing"
import { expect, test, vi } from "vitest"
import { catalogOf, createHarness } from "../testing/harness.ts"
import type { ScriptedOutcome } from "../testing/scripted-provider.ts"

const cached = catalogOf({ endpoints: { a: {} }, route: { cache: { exact: { ttlMs: 60_000 } } } })

/** Calls that end when the test says how. */
async function setUp(catalog = cached) {
  const ends: ((outcome: ScriptedOutcome) => void)[] = []
  const script = () => {
    const { promise, resolve } = Promise.withResolvers<ScriptedOutcome>()
    ends.push(resolve)
    return promise
  }
  const harness = await createHarness({ script, catalog })
  const calls = (count: number) => vi.waitFor(() => expect(harness.provider.calls).toHaveLength(count))
  return { ...harness, ends, calls }
}

test("jobs that ask the same at the same time share one call, and say so", async () => {
  const { executeOnce, executeAnother, found, ends, calls } = await setUp()
  const leader = executeOnce()
  await calls(1)
  const followers = [executeAnother({}), executeAnother({})]
  ends[0]?.({ text: "one" })
  await leader
  expect(await found()).toMatchObject({ status: "succeeded", attemptCount: 1, result: { provenance: { cache: null } } })
  for (const follower of await Promise.all(followers)) {
    expect(follower).toMatchObject({
      status: "succeeded",
      attemptCount: 0,
      result: {
        output: { value: { text: "one" } },
        provenance: { served: { tier: "primary", endpoint: "a" }, quality: "full", cache: { kind: "exact", ageMs: 0, similarity: 1 } },
        usage: null,
        cost: { usd: 0, estimated: false },
      },
    })
  }
  await calls(1)
})

const { options } = sampleJob()
const apart: [string, Partial<QueuedJob>, typeof cached][] = [
  ["another tenant", { tenantId: "acme" }, cached],
  ["a caller that wants a new answer", { options: { ...options, cache: "refresh" } }, cached],
  ["another input", { work: { kind: "chat", input: { messages: [{ role: "user", content: "else" }] } } }, cached],
  ["a route that keeps no answers", {}, catalogOf({ endpoints: { a: {} } })],
]
test.each(apart)("%s makes a call of its own", async (_what, overrides, catalog) => {
  const { executeOnce, executeAnother, ends, calls } = await setUp(catalog)
  const running = [executeOnce(), executeAnother(overrides)]
  await calls(2)
  for (const end of ends) end({ text: "own" })
  await Promise.all(running)
})

test("when the leader gets no answer, who waited asks itself", async () => {
  const { executeOnce, executeAnother, found, ends, calls } = await setUp()
  const leader = executeOnce()
  await calls(1)
  const follower = executeAnother({})
  ends[0]?.({ error: "invalid_input" })
  await calls(2)
  ends[1]?.({ text: "second" })
  await leader
  expect(await found()).toMatchObject({ status: "failed" })
  expect(await follower).toMatchObject({ status: "succeeded", attemptCount: 1, result: { provenance: { cache: null } } })
})

test("who waits for another is handed back when the worker wants it, and expires at its own deadline", async () => {
  const { job, executeOnce, executeAnother, ends, calls } = await setUp()
  const leader = executeOnce()
  await calls(1)
  const controller = new AbortController()
  const leaving = executeAnother({}, controller.signal)
  const late = executeAnother({ deadline: new Date(job.createdAt.getTime() + 20) })
  expect(await late).toMatchObject({ status: "expired", error: { type: "deadline_exceeded" }, attemptCount: 0 })
  controller.abort()
  expect(await leaving).toMatchObject({ status: "queued", notBefore: null, attemptCount: 0 })
  ends[0]?.({ text: "one" })
  expect(await leader).toEqual({ kind: "done" })
  await calls(1)
})
