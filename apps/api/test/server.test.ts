import { once } from "node:events"
import { Agent, request as httpRequest, IncomingMessage } from "node:http"
import { connect, type Socket } from "node:net"
import { text } from "node:stream/consumers"
import { sampleResult } from "@sluice/core/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { startServer } from "../src/server.ts"
import { succeed } from "./support/finish-job.ts"
import { adminKey, chatJob, startMemoryApi } from "./support/memory-api.ts"

function reusingAgent(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return agent
}

async function openSocket(url: string): Promise<Socket> {
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1" })
  onTestFinished(() => void socket.destroy())
  await once(socket, "connect")
  return socket
}

/** One request on the agent's connection. */
async function live(url: string, agent: Agent): Promise<{ status: number; connection: string | undefined }> {
  const request = httpRequest(`${url}/health/live`, { agent })
  request.end()
  const [response]: unknown[] = await once(request, "response")
  if (!(response instanceof IncomingMessage)) throw new Error("no response")
  await text(response)
  return { status: response.statusCode ?? 0, connection: response.headers.connection }
}

describe("closing", () => {
  test("answers who waits, tells them that the connection ends, and then is closed", async () => {
    const api = await startMemoryApi()
    const answering = api.submit(chatJob, { headers: { prefer: "wait=60" } })
    await expect.poll(() => api.queue.entries().length).toBe(1)
    const closed = api.server.close({ graceMs: 60_000 })
    api.endWaits()
    expect(await answering).toMatchObject({ status: 202, headers: { connection: "close" } })
    await closed
    await expect(live(api.url, reusingAgent())).rejects.toThrow(/ECONNREFUSED/)
  })

  test("does not wait for idle connections", async () => {
    const api = await startMemoryApi()
    const agent = reusingAgent()
    expect(await live(api.url, agent)).toEqual({ status: 200, connection: "keep-alive" })
    await api.server.close({ graceMs: 60_000 })
  })

  test("serves a request that had begun to arrive, and tells it that the connection ends", async () => {
    const api = await startMemoryApi()
    const socket = await openSocket(api.url)
    socket.write("GET /health/live HTTP/1.1\r\nHost: a\r\n")
    // The answer to a later request shows that the server has read the bytes before it.
    await live(api.url, reusingAgent())
    const closed = api.server.close({ graceMs: 60_000 })
    socket.write("\r\n")
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [\s\S]*Connection: close/)
    await closed
  })

  test("lets a download end, and closes its connection then", async () => {
    const api = await startMemoryApi()
    const bytes = Buffer.alloc(20_000_000, "x")
    const { json } = await api.submit(chatJob)
    const output = { at: "blob", blobId: "b1", bytes: bytes.length, contentType: "text/plain" } as const
    await api.blobs.put({ id: "b1", tenantId: "default", contentType: "text/plain", bytes })
    await succeed(api.jobs, { id: json.id, result: { ...sampleResult(), output } })
    const socket = await openSocket(api.url)
    socket.write(`GET /v1/jobs/${json.id}/output HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${adminKey}\r\n\r\n`)
    await once(socket, "readable")
    const closed = api.server.close({ graceMs: 60_000 })
    const answer = await text(socket)
    expect(answer.slice(answer.indexOf("\r\n\r\n") + 4)).toHaveLength(bytes.length)
    await closed
  })

  test("ends what takes longer than the grace", async () => {
    const api = await startMemoryApi()
    const answering = api.submit(chatJob, { headers: { prefer: "wait=60" } })
    const refused = expect(answering).rejects.toThrow(/socket hang up/)
    await expect.poll(() => api.queue.entries().length).toBe(1)
    await api.server.close({ graceMs: 20 })
    await refused
  })

  test("may be asked for twice", async () => {
    const api = await startMemoryApi()
    await Promise.all([api.server.close({ graceMs: 1_000 }), api.server.close({ graceMs: 1_000 })])
  })
})

test("a connection on which nothing moves although an answer is due is ended", async () => {
  const api = await startMemoryApi({ limits: { silentSocketMs: 50 } })
  await expect(api.submit(chatJob, { headers: { prefer: "wait=60" } })).rejects.toThrow(/socket hang up/)
  expect((await api.submit(chatJob)).status).toBe(202)
})

describe("starting", () => {
  test("says what to do about a port that is taken", async () => {
    const api = await startMemoryApi()
    const port = Number(new URL(api.url).port)
    const second = startServer({ listener: () => {}, host: "127.0.0.1", port })
    await expect(second).rejects.toThrow(`Cannot listen on 127.0.0.1, port ${port}: another process does so already. Stop it, or set PORT`)
  })

  test("says what to do about an address that is not ours", async () => {
    await expect(startServer({ listener: () => {}, host: "192.0.2.1", port: 0 })).rejects.toThrow(/Set HOST/)
  })
})
