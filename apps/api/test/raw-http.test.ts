import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { text } from "node:stream/consumers"
import type { JobWaiter } from "@sluice/engine"
import { describe, expect, onTestFinished, test } from "vitest"
import { adminKey, chatJob, type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

const body = JSON.stringify(chatJob)
const postHead = `POST /v1/jobs HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${adminKey}\r\nContent-Type: application/json\r\n`

async function open(api: MemoryApi): Promise<Socket> {
  const socket = connect({ port: Number(new URL(api.url).port), host: "127.0.0.1" })
  onTestFinished(() => void socket.destroy())
  await once(socket, "connect")
  return socket
}

/** Sends bytes as they are; resolves to all that comes back until the connection ends. */
async function exchange(api: MemoryApi, bytes: string): Promise<string> {
  const socket = await open(api)
  socket.write(bytes)
  return await text(socket)
}

async function expectServing(api: MemoryApi): Promise<void> {
  expect((await api.submit(chatJob)).status).toBe(202)
  expect(api.logs.filter(({ level }) => Number(level) >= 50)).toEqual([])
}

const quick = { limits: { headersTimeoutMs: 200, requestTimeoutMs: 400, checkEveryMs: 20 } }

describe("what is hardly HTTP", () => {
  test.each([
    ["not HTTP at all", "hello\r\n\r\n", 400],
    ["an unknown method", "BREW /v1/jobs HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["a broken header", "GET / HTTP/1.1\r\nHost a\r\n\r\n", 400],
    ["two lengths", `${postHead}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`, 400],
    ["a length and chunks", `${postHead}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ["broken chunks", `${postHead}Transfer-Encoding: chunked\r\n\r\nzz\r\nxx`, 400],
    ["an address of 9 kB", `GET /v1/jobs?cursor=${"x".repeat(9_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ["a hundred and one headers", `GET /v1/jobs HTTP/1.1\r\n${"X: y\r\n".repeat(100)}Host: a\r\n\r\n`, 431],
    ["headers of 100 kB", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(100_000)}\r\n\r\n`, 431],
  ])("%s is refused, with a request id", async (_what, bytes, status) => {
    const api = await startMemoryApi()
    const answer = await exchange(api, bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toContain("Connection: close")
    expect(answer).toContain("x-request-id: req_")
    await expectServing(api)
  })

  test("an address that cannot be parsed is not found", async () => {
    const api = await startMemoryApi()
    for (const target of ["http://[::1", "http://a:b:c/", "\\", "?", "#", "/%"]) {
      const answer = await exchange(api, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
      expect(answer).toMatch(/^HTTP\/1\.1 40[04] /)
      expect(answer).toContain("x-request-id: ")
    }
    await expectServing(api)
  })
})

describe("what is slow", () => {
  test("headers that never end are cut off", async () => {
    const api = await startMemoryApi(quick)
    const answer = await exchange(api, "GET /health/live HTTP/1.1\r\nHost: a\r\nX-A: b\r\n")
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain("x-request-id: req_")
    await expectServing(api)
  })

  test("a body that never ends is cut off", async () => {
    const api = await startMemoryApi(quick)
    const answer = await exchange(api, `${postHead}Content-Length: 100\r\n\r\n{"route"`)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    await expectServing(api)
  })

  test("a body in small pieces is taken", async () => {
    const api = await startMemoryApi()
    const socket = await open(api)
    const answer = text(socket)
    socket.setNoDelay(true)
    socket.write(`${postHead}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n`)
    for (const byte of body) await new Promise<void>((resolve) => socket.write(byte, () => resolve()))
    expect(await answer).toMatch(/^HTTP\/1\.1 202 /)
  })

  test("a caller that leaves in the middle of its body is no error of ours", async () => {
    const api = await startMemoryApi()
    const socket = await open(api)
    socket.write(`${postHead}Content-Length: 100\r\n\r\n{"route"`)
    socket.end()
    await once(socket.resume(), "close")
    await expect.poll(() => api.logs.length).toBe(1)
    await expectServing(api)
  })

  test("nobody waits on behalf of a caller that has left", async () => {
    const waiting = Promise.withResolvers<AbortSignal>()
    const wait: JobWaiter["wait"] = async ({ signal }) => {
      waiting.resolve(signal)
      await once(signal, "abort")
      return null
    }
    const api = await startMemoryApi({ app: { jobWaiter: { wait } } })
    const socket = await open(api)
    socket.write(`${postHead}Prefer: wait=60\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    const signal = await waiting.promise
    expect(signal.aborted).toBe(false)
    socket.destroy()
    await expect.poll(() => signal.aborted).toBe(true)
    await expect.poll(() => api.logs).toMatchObject([{ level: 30, msg: "request aborted", status: null }])
    await expectServing(api)
  })
})

describe("bodies that are too large", () => {
  const large = 20 * 1024 * 1024

  test("an announced one is read to its end, answered, and the connection closed", async () => {
    const api = await startMemoryApi()
    const socket = await open(api)
    const answer = text(socket)
    socket.write(`${postHead}Content-Length: ${large}\r\n\r\n`)
    socket.write(Buffer.alloc(large))
    expect(await answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close[\s\S]*payload_too_large/)
    await expectServing(api)
  })

  test("an unannounced one too", async () => {
    const api = await startMemoryApi()
    const socket = await open(api)
    const answer = text(socket)
    socket.write(`${postHead}Transfer-Encoding: chunked\r\n\r\n${large.toString(16)}\r\n`)
    socket.write(Buffer.alloc(large))
    socket.write("\r\n0\r\n\r\n")
    expect(await answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*payload_too_large/)
    await expectServing(api)
  })

  test("one that does not come is answered within bounds", async () => {
    const api = await startMemoryApi({ app: { problems: { discard: { maxBytes: large * 2, timeoutMs: 100 } } } })
    const answer = await exchange(api, `${postHead}Content-Length: ${large}\r\n\r\n{`)
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close/)
    await expectServing(api)
  })

  test("one beyond all bounds is answered at once", async () => {
    const api = await startMemoryApi({ app: { problems: { discard: { maxBytes: 1_000, timeoutMs: 60_000 } } } })
    const answer = await exchange(api, `${postHead}Content-Length: 99999999999\r\n\r\n{`)
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close/)
    await expectServing(api)
  })

  test("fetch gets to read the answer", async () => {
    const api = await startMemoryApi()
    const headers = { authorization: `Bearer ${adminKey}`, "content-type": "application/json" }
    const answer = await fetch(`${api.url}/v1/jobs`, { method: "POST", headers, body: Buffer.alloc(large) })
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ code: "payload_too_large" })
  })
})

test("requests on one connection, sent without waiting, are answered in order", async () => {
  const api = await startMemoryApi()
  const good = `${postHead}Content-Length: ${body.length}\r\n\r\n${body}`
  const bad = `${postHead}Content-Length: 3\r\n\r\nbad`
  const last = "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
  const answers = await exchange(api, good + bad + good + last)
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 202", "HTTP/1.1 400", "HTTP/1.1 202", "HTTP/1.1 200"])
})
