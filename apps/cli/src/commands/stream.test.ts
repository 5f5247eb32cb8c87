import type { JobEvent } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { runFake } from "../testing/run-fake.ts"
import { sampleJob, sampleSuccess } from "../testing/samples.ts"

const { id } = sampleJob()
const ofJob = { jobId: id, run: 1 }
const startedAt = "2026-11-21T11:59:01.000Z"
const start = { tier: "primary" as const, endpoint: "openai-eu", provider: "openai", model: "gpt-4o-mini", region: "eu", startedAt }
const delta = (attempt: number, offset: number, text: string): JobEvent => ({ type: "output.delta", ...ofJob, attempt, offset, text })
const output = { text: "Hi there", json: null, toolCalls: [], finishReason: "stop" as const }
const events: JobEvent[] = [
  { type: "job.queued", ...ofJob, at: startedAt },
  { type: "job.started", ...ofJob, at: startedAt },
  { type: "attempt.started", ...ofJob, attempt: { ...start, number: 1 } },
  delta(1, 0, "He\u001b[2J"),
  { type: "attempt.started", ...ofJob, attempt: { ...start, number: 2, endpoint: "azure-us" } },
  { type: "output.reset", ...ofJob, attempt: 2 },
  delta(2, 0, "Hi "),
  delta(2, 3, "there"),
  { type: "job.succeeded", ...ofJob, job: sampleSuccess({ output }) },
]
const routes = { data: [{ name: "chat", kind: "chat" }], nextCursor: null }
const api = {
  "GET /v1/routes": { body: routes },
  [`GET /v1/jobs/${id}/events`]: { events },
  "POST /v1/jobs": { status: 202, body: sampleJob() },
}

describe.each([
  ["watch", ["watch", id, "--stream"]],
  ["submit", ["submit", "chat", "--prompt", "Say hi", "--stream"]],
])("%s --stream", (_command, args) => {
  test("prints the answer while it is being written, and what happens beside it", async () => {
    const { code, out, written, notes } = await runFake({ args, api })
    expect({ code, out, written }).toEqual({ code: 0, out: "", written: "He\nHi there\n" })
    expect(notes).toContain("asks azure-us, gpt-4o-mini\nwhat was written so far does not count; the answer begins anew")
    expect(notes).toContain("succeeded")
  })

  test("prints a line for each event with --json", async () => {
    const { code, out, written } = await runFake({ args: [...args, "--json"], api })
    expect({ code, written }).toEqual({ code: 0, written: "" })
    expect(out.split("\n").map((line) => JSON.parse(line).type)).toEqual(events.map(({ type }) => type))
  })
})

test("what has no text is printed when it is there", async () => {
  const calls = { text: "", json: null, toolCalls: [{ id: "c", name: "f", arguments: "{}" }], finishReason: "tool_calls" as const }
  const end: JobEvent = { type: "job.succeeded", ...ofJob, job: sampleSuccess({ output: calls }) }
  const { code, out } = await runFake({ args: ["watch", id, "--stream"], api: { [`GET /v1/jobs/${id}/events`]: { events: [end] } } })
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual(calls)
})
