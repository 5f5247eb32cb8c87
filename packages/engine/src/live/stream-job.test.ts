import { maxDeltaChars } from "@sluice/core"
import { sampleFailure, sampleResult, sampleSuccess } from "@sluice/core/testing"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { attemptOf, createLiveHarness, createReader, type LiveHarness, settle, successWith } from "./testing/live-harness.ts"

let harness: LiveHarness
beforeEach(() => {
  harness = createLiveHarness()
})
afterEach(() => harness.close())

const typesOf = (reader: ReturnType<typeof createReader>) => reader.events.map(({ type }) => type)

describe("the events of a job", () => {
  test("tell its whole life as it happens", async () => {
    const reader = createReader(harness)
    reader.connect(0)
    await vi.waitFor(() => expect(typesOf(reader)).toEqual(["job.queued"]))
    const execution = await harness.claim()
    execution.live.attemptStarted(attemptOf(1).start)
    execution.live.wrote(1, "Hel")
    await vi.waitFor(() => expect(reader.text()).toBe("Hel"))
    execution.live.wrote(1, "lo")
    await vi.waitFor(() => expect(reader.text()).toBe("Hello"))
    execution.live.attemptEnded(attemptOf(1).attempt)
    await harness.finish(execution, successWith("Hello", [attemptOf(1).attempt]))
    await reader.ended()
    expect(typesOf(reader)).toEqual([
      "job.queued",
      "job.started",
      "attempt.started",
      "output.delta",
      "output.delta",
      "attempt.ended",
      "job.succeeded",
    ])
  })

  test("give who comes late the text so far as one piece, and nobody's piece twice", async () => {
    const execution = await harness.claim()
    execution.live.attemptStarted(attemptOf(1).start)
    execution.live.wrote(1, "one ")
    execution.live.wrote(1, "two ")
    const [first, second] = [createReader(harness), createReader(harness)]
    first.connect(0)
    await vi.waitFor(() => expect(first.text()).toBe("one two "))
    second.connect(0)
    await vi.waitFor(() => expect(second.text()).toBe("one two "))
    execution.live.wrote(1, "three")
    await vi.waitFor(() => expect([first.text(), second.text()]).toEqual(["one two three", "one two three"]))
    expect(typesOf(second).filter((type) => type === "output.delta")).toHaveLength(2)
    await harness.finish(execution, successWith("one two three", []))
  })

  test("reset the text before that of another call, and of the same call made anew by another worker", async () => {
    const reader = createReader(harness)
    reader.connect(0)
    const first = await harness.claim()
    first.live.attemptStarted(attemptOf(1).start)
    first.live.wrote(1, "half of")
    await vi.waitFor(() => expect(reader.text()).toBe("half of"))
    await harness.handBack(first)
    const second = await harness.claim()
    second.live.attemptStarted(attemptOf(1).start)
    second.live.wrote(1, "half")
    await vi.waitFor(() => expect(reader.text()).toBe("half"))
    const failed = attemptOf(1, { outcome: "failed", errorType: "network" }).attempt
    second.live.attemptEnded(failed)
    second.live.attemptStarted(attemptOf(2).start)
    second.live.wrote(2, "whole")
    await vi.waitFor(() => expect(reader.text()).toBe("whole"))
    await harness.finish(second, successWith("whole", [failed, attemptOf(2).attempt]))
    await reader.ended()
    expect(typesOf(reader)).toEqual([
      "job.queued",
      "job.started",
      "attempt.started",
      "output.delta",
      "attempt.started",
      "output.reset",
      "output.delta",
      "attempt.ended",
      "attempt.started",
      "output.reset",
      "output.delta",
      "attempt.ended",
      "job.succeeded",
    ])
  })

  test("say what the job waits for, once for each wait", async () => {
    const waiting = { reason: "rate_limited" as const, endpoint: "a", since: new Date(0), until: new Date(9), refusals: 1 }
    await harness.store.park({ id: harness.job.id, run: 1, waiting })
    const reader = createReader(harness)
    reader.connect(0)
    await settle()
    await settle()
    expect(typesOf(reader)).toEqual(["job.queued", "job.waiting"])
    await harness.store.park({ id: harness.job.id, run: 1, waiting: { ...waiting, until: new Date(99) } })
    await vi.waitFor(() => expect(typesOf(reader)).toEqual(["job.queued", "job.waiting", "job.waiting"]))
  })

  test("end with the job's end, however it ended, and at once for who comes later", async () => {
    const execution = await harness.claim()
    await harness.finish(execution, sampleFailure())
    const reader = createReader(harness)
    expect(await reader.readOnce(0)).toBe("events")
    expect(typesOf(reader)).toEqual(["job.queued", "job.started", "job.failed"])
    expect(await reader.readOnce(1)).toBe("over")
    expect(await harness.streamJob(0, { after: null, signal: new AbortController().signal, tenantId: "another" })).toEqual({
      kind: "missing",
    })
  })

  test("end without an end when the process closes or the job is removed; the reader goes on elsewhere", async () => {
    const [closed, removed] = [createReader(harness), createReader(harness)]
    closed.connect(0)
    removed.connect(1)
    await vi.waitFor(() => expect(removed.events).toHaveLength(1))
    harness.processes[0]?.watch.close()
    await closed.ended()
    expect(typesOf(closed)).toEqual(["job.queued"])
    closed.connect(1)
    harness.store.jobs.delete(harness.job.id)
    await Promise.all([closed.ended(), removed.ended()])
    expect(typesOf(closed)).toEqual(["job.queued"])
  })

  test("have the text of an output that is kept apart, in pieces that one can bear", async () => {
    const text = "🌊".repeat(maxDeltaChars)
    const value = { text, json: null, toolCalls: [], finishReason: "stop" }
    const blob = { id: "b", tenantId: harness.job.tenantId, contentType: "application/json", bytes: Buffer.from(JSON.stringify(value)) }
    await harness.blobs.put(blob)
    const output = { at: "blob" as const, blobId: "b", bytes: blob.bytes.length, contentType: blob.contentType }
    await harness.finish(await harness.claim(), sampleSuccess({ result: { ...sampleResult(), output } }))
    const reader = createReader(harness)
    await reader.readOnce(0)
    expect(reader.text()).toBe(text)
    const pieces = reader.events.flatMap((event) => (event.type === "output.delta" ? [event.text] : []))
    expect(pieces.every((piece) => piece.length <= maxDeltaChars && piece.isWellFormed())).toBe(true)
  })

  test("go on after messages got lost, and never with half a character", async () => {
    const reader = createReader(harness)
    reader.connect(0)
    const execution = await harness.claim()
    execution.live.attemptStarted(attemptOf(1).start)
    execution.live.wrote(1, "one ")
    await vi.waitFor(() => expect(reader.text()).toBe("one "))
    harness.faults.losesMessages = true
    execution.live.wrote(1, "two ")
    await settle()
    harness.faults.losesMessages = false
    execution.live.wrote(1, "three \ud83c")
    await vi.waitFor(() => expect(reader.text()).toBe("one two three "))
    execution.live.wrote(1, "\udf0a")
    await vi.waitFor(() => expect(reader.text()).toBe("one two three 🌊"))
  })

  test("keep nothing for a reader that is busy: it is told what has become of the text meanwhile", async () => {
    const execution = await harness.claim()
    execution.live.attemptStarted(attemptOf(1).start)
    const signal = new AbortController().signal
    const outcome = await harness.streamJob(0, { after: null, signal })
    if (outcome.kind !== "events") throw new Error("There are no events.")
    const events = outcome.events[Symbol.asyncIterator]()
    for (let count = 0; count < 3; count += 1) await events.next()
    for (let count = 0; count < 50; count += 1) {
      execution.live.wrote(1, "word ")
      if (count % 10 === 0) await settle()
    }
    await settle()
    expect((await events.next()).value?.event).toMatchObject({ type: "output.delta", text: "word ".repeat(50) })
    await events.return?.()
  })
})

describe("nobody watching", () => {
  test("nothing is published, also soon after the last reader has left", async () => {
    const reader = createReader(harness)
    reader.connect(0)
    const execution = await harness.claim()
    await settle()
    expect(execution.live.isWatched()).toBe(true)
    await reader.disconnect()
    await settle()
    expect(execution.live.isWatched()).toBe(false)
  })
})
