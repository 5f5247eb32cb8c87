import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { connect, Socket } from "node:net"
import type { RunningJob } from "@sluice/core"
import { sampleResult } from "@sluice/core/testing"
import { createLiveReport } from "@sluice/engine"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import { readEvents } from "./support/event-reader.ts"
import { fail, succeed } from "./support/finish-job.ts"
import { adminKey, chatJob, type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

const authorization = `Bearer ${adminKey}`

async function submitted(api: MemoryApi): Promise<string> {
  return (await api.submit(chatJob)).json.id
}

const open = (api: MemoryApi, id: string, { query = "", headers = {} } = {}) =>
  readEvents(`${api.url}/v1/jobs/${id}/events${query}`, { authorization, ...headers })

/** A worker that executes the job. */
async function execute(api: MemoryApi, id: string) {
  const report = createLiveReport({ channel: api.channels.open("worker"), everyMs: 0 })
  onTestFinished(() => report.close())
  const outcome = await api.jobs.claim({ id, run: 1, claim: { token: "t1", workerId: "w", at: new Date() } })
  if (outcome.kind !== "claimed") throw new Error("The job was not to be had.")
  return begin(outcome.job)

  function begin(job: RunningJob) {
    const live = report.begin(job)
    const attempt = { number: 1, tier: "primary" as const, endpoint: "a", provider: "openai", model: "m", region: null }
    live.attemptStarted({ ...attempt, startedAt: new Date().toISOString() })
    return { write: (piece: string) => live.wrote(1, piece) }
  }
}

/** The server's side of the connections that are made from now on. */
function acceptedSockets(): readonly Socket[] {
  const sockets: Socket[] = []
  const collect = (message: unknown) => {
    if (message instanceof Object && "socket" in message && message.socket instanceof Socket) sockets.push(message.socket)
  }
  subscribe("net.server.socket", collect)
  onTestFinished(() => void unsubscribe("net.server.socket", collect))
  return sockets
}

describe("GET /v1/jobs/{id}/events", () => {
  test("streams what becomes of the job, in a form that proxies let through, and closes at its end", async () => {
    const api = await startMemoryApi()
    const id = await submitted(api)
    const reader = await open(api, id)
    expect(reader.response.status).toBe(200)
    expect(Object.fromEntries(reader.response.headers)).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    })
    const worker = await execute(api, id)
    worker.write("Hello, ")
    await vi.waitFor(() => expect(reader.events.at(-1)?.event).toMatchObject({ type: "output.delta", text: "Hello, " }))
    worker.write("river\n")
    await vi.waitFor(() => expect(reader.events.at(-1)?.event).toMatchObject({ type: "output.delta", offset: 7, text: "river\n" }))
    await succeed(api.jobs, { id, result: sampleResult("Hello, river\n") })
    api.announceFinished(id)
    await reader.ended
    expect(reader.events.at(-1)?.event).toMatchObject({ type: "job.succeeded", job: { id, output: { text: "Hello, river\n" } } })
    expect(new Set(reader.events.map((read) => read.id)).size).toBe(reader.events.length)
  })

  test.each(["header", "query"] as const)(
    "goes on after the last event that the %s names, and answers 204 after the end",
    async (where) => {
      const api = await startMemoryApi()
      const id = await submitted(api)
      const first = await open(api, id)
      const worker = await execute(api, id)
      worker.write("one ")
      await vi.waitFor(() => expect(first.events.at(-1)?.event.type).toBe("output.delta"))
      first.leave()
      const after = (lastId = "") => (where === "header" ? { headers: { "last-event-id": lastId } } : { query: `?lastEventId=${lastId}` })
      const second = await open(api, id, after(first.events.at(-1)?.id))
      worker.write("two")
      await vi.waitFor(() => expect(second.events).toHaveLength(1))
      await succeed(api.jobs, { id, result: sampleResult("one two") })
      api.announceFinished(id)
      await second.ended
      expect(second.events.map(({ event }) => event.type)).toEqual(["output.delta", "attempt.ended", "job.succeeded"])
      expect(second.events[0]?.event).toMatchObject({ offset: 4, text: "two" })
      const third = await open(api, id, after(second.events.at(-1)?.id))
      expect(third.response.status).toBe(204)
    },
  )

  test("answers a job that has ended with its history, and closes", async () => {
    const api = await startMemoryApi()
    const id = await submitted(api)
    await fail(api.jobs, { id })
    const reader = await open(api, id)
    await reader.ended
    expect(reader.events.map(({ event }) => event.type)).toEqual(["job.queued", "job.started", "job.failed"])
  })

  test("refuses what is no id of an event, says that there is no such job, and 503 while the database is away", async () => {
    const api = await startMemoryApi()
    const id = await submitted(api)
    const path = `/v1/jobs/${id}/events`
    const errorsOf = (pointer: string) => ({ status: 400, json: { errors: [{ pointer }] } })
    expect(await api.call({ path, headers: { "last-event-id": "17" } })).toMatchObject(errorsOf("header:Last-Event-ID"))
    expect(await api.call({ path: `${path}?lastEventId=17` })).toMatchObject(errorsOf("query:lastEventId"))
    expect(await api.call({ path: `${path}?wait=3` })).toMatchObject(errorsOf("query:wait"))
    expect(await api.call({ path: `/v1/jobs/job_${"0".repeat(32)}/events` })).toMatchObject({ status: 404, json: { code: "not_found" } })
    expect(await api.call({ path, headers: { "x-sluice-tenant": "acme" } })).toMatchObject({ status: 404 })
    expect(await api.call({ path, method: "POST" })).toMatchObject({ status: 405 })
    api.outage.storage = true
    expect(await api.call({ path })).toMatchObject({ status: 503 })
  })

  test("answers HEAD at once", async () => {
    const api = await startMemoryApi()
    const answer = await api.call({ method: "HEAD", path: `/v1/jobs/${await submitted(api)}/events` })
    expect(answer).toMatchObject({ status: 200, text: "", headers: { "content-type": "text/event-stream; charset=utf-8" } })
  })

  test("keeps the line open while nothing happens", async () => {
    const api = await startMemoryApi({ app: { eventStream: { heartbeatEveryMs: 20 } } })
    const reader = await open(api, await submitted(api))
    await vi.waitFor(() => expect(reader.raw().match(/^:\n\n/gm)?.length).toBeGreaterThan(2))
  })

  test("ends when the process stops, so that readers go on elsewhere", async () => {
    const api = await startMemoryApi()
    const reader = await open(api, await submitted(api))
    await vi.waitFor(() => expect(reader.events).toHaveLength(1))
    const closed = api.server.close({ graceMs: 60_000 })
    api.endWaits()
    await Promise.all([reader.ended, closed])
    expect(reader.events.map(({ event }) => event.type)).toEqual(["job.queued"])
  })

  test("keeps nothing for a reader that does not read, and lets it go after a while", async () => {
    const api = await startMemoryApi({ app: { eventStream: { stuckAfterMs: 300 } } })
    const id = await submitted(api)
    const { hostname, port } = new URL(api.url)
    const accepted = acceptedSockets()
    const socket = connect(Number(port), hostname)
    onTestFinished(() => void socket.destroy())
    socket.write(`GET /v1/jobs/${id}/events HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`)
    socket.once("data", () => socket.pause())
    const worker = await execute(api, id)
    let written = 0
    let kept = 0
    const timer = setInterval(() => {
      worker.write("x".repeat(65_536))
      written += 65_536
      kept = Math.max(kept, ...accepted.map((peer) => peer.writableLength))
    }, 2)
    onTestFinished(() => clearInterval(timer))
    await expect.poll(() => api.logs.find(({ route }) => route === "/v1/jobs/:id/events"), { timeout: 20_000 }).toBeDefined()
    clearInterval(timer)
    expect(written).toBeGreaterThan(4e6)
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(1e6)
  })
})
