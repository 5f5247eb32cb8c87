import type { JobEvent } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { ConnectionError } from "../errors/connection-error.ts"
import { SluiceError } from "../errors/sluice-error.ts"
import { type FakeAnswer, ok, problem, refused } from "../testing/fake-fetch.ts"
import { testClient } from "../testing/test-client.ts"

const jobId = "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6"
const ofJob = { jobId, run: 1 }
const queued: JobEvent = { type: "job.queued", ...ofJob, at: "2026-11-21T12:00:00.000Z" }
const delta = (offset: number, text: string): JobEvent => ({ type: "output.delta", ...ofJob, attempt: 1, offset, text })
// Of the job only that it is there matters here.
const succeeded = { type: "job.succeeded", ...ofJob, job: { id: jobId } }

interface Stream {
  readonly events: readonly (readonly [id: string, event: object])[]
  /** How it ends. */
  readonly end?: "lost" | "closed"
}

/** A stream in pieces of a few bytes, as a network may deliver it. */
const stream =
  ({ events, end = "closed" }: Stream): FakeAnswer =>
  () => {
    const text = `retry: 700\n\n:\n\n${events.map(([id, event]) => `id: ${id}\nevent: x\ndata: ${JSON.stringify(event)}\n\n`).join("")}`
    const bytes = new TextEncoder().encode(text)
    let at = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        at += 7
        if (at - 7 < bytes.length) controller.enqueue(bytes.slice(at - 7, at))
        else if (end === "closed") controller.close()
        else controller.error(new TypeError("terminated", { cause: new Error("other side closed") }))
      },
    })
    return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } })
  }

const over: FakeAnswer = () => new Response(null, { status: 204 })

describe("jobs.stream", () => {
  test("yields events up to the job's end, over as many connections as it takes", async () => {
    const { client, sent, slept } = testClient([
      stream({
        events: [
          ["a", queued],
          ["b", delta(0, "Grüße 🌊 ")],
        ],
        end: "lost",
      }),
      refused,
      stream({ events: [["c", delta(9, "und")]] }),
      problem(503, "storage_unavailable", { "retry-after": "1" }),
      stream({
        events: [
          ["d", succeeded],
          ["e", queued],
        ],
      }),
    ])
    const read: [string, string][] = []
    for await (const event of client.jobs.stream(jobId)) read.push([event.id, event.type])
    expect(read).toEqual([
      ["a", "job.queued"],
      ["b", "output.delta"],
      ["c", "output.delta"],
      ["d", "job.succeeded"],
    ])
    expect(sent.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, "b", "b", "c", "c"])
    expect(sent[0]).toMatchObject({ url: `http://api.test/base/v1/jobs/${jobId}/events`, headers: { accept: "text/event-stream" } })
    // After a lost connection soon, after one that the server ended when it said, after a refusal when that said.
    expect(slept).toEqual([125, 250, 700, 1_125])
  })

  test("submits a job that is given as a submission, and goes on after an event that is named", async () => {
    const { client, sent } = testClient([ok({ id: jobId }, 202), stream({ events: [["z", succeeded]] })])
    const options = { lastEventId: "y", idempotencyKey: "order-81" }
    for await (const { type } of client.jobs.stream({ route: "chat", input: 1 }, options)) expect(type).toBe("job.succeeded")
    expect(sent.map(({ method, headers }) => [method, headers["idempotency-key"], headers["last-event-id"]])).toEqual([
      ["POST", "order-81", undefined],
      ["GET", undefined, "y"],
    ])
  })

  test("ends at once when the end had been told before", async () => {
    const { client } = testClient([over])
    for await (const event of client.jobs.stream(jobId, { lastEventId: "z" })) expect(event).toBeNull()
  })

  test("throws what trying again does not mend, and gives up on a server that stays away", async () => {
    const read = async (answers: FakeAnswer[], options = {}) => {
      for await (const _event of testClient(answers).client.jobs.stream(jobId, options));
    }
    await expect(read([problem(404, "not_found")])).rejects.toThrow(SluiceError)
    await expect(read([stream({ events: [["a", queued]] }), refused])).rejects.toThrow(ConnectionError)
    await expect(read([() => new Response("<html>", { headers: { "content-type": "text/html" } })])).rejects.toThrow(
      "not as Sluice answers",
    )
  })

  test("ends with the signal's reason, and hangs up when nobody reads on", async () => {
    const controller = new AbortController()
    const { client } = testClient([
      stream({
        events: [
          ["a", queued],
          ["b", delta(0, "x")],
        ],
      }),
    ])
    const read = async () => {
      for await (const _event of client.jobs.stream(jobId, { signal: controller.signal })) controller.abort(new Error("enough"))
    }
    await expect(read()).rejects.toThrow("enough")

    let signal: AbortSignal | undefined
    const open = stream({ events: [["a", queued]], end: "lost" })
    const left = testClient([
      (request, given) => {
        signal = given
        return open(request, given)
      },
    ])
    for await (const _event of left.client.jobs.stream(jobId)) break
    expect(signal?.aborted).toBe(true)
  })
})
