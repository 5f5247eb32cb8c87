import { Buffer } from "node:buffer"
import { once } from "node:events"
import { createServer, type Server, type Socket } from "node:net"
import { setImmediate } from "node:timers/promises"
import { gzipSync } from "node:zlib"
import type { WebhookAnswer, WebhookSender } from "@sluice/core"
import { createWebhookSender, webhookPolicy } from "@sluice/webhooks"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { type Receiver, startReceiver } from "./support/receiver.ts"

let sender: WebhookSender
let closers: (() => Promise<unknown>)[]

beforeEach(() => {
  sender = createWebhookSender({ policy: webhookPolicy({ allowAll: true }), clock: () => new Date("2026-11-20T18:00:00Z") })
  closers = []
})
afterEach(async () => {
  for (const close of closers) await close()
  await sender.close()
})

async function receiver(...options: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...options)
  closers.push(() => started.close())
  return started
}

/** A receiver below HTTP: `respond` gets the socket once the request has begun. Returns its URL. */
async function rawReceiver(respond: (socket: Socket) => void): Promise<{ url: string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket)).on("error", () => {})
    socket.once("data", () => respond(socket))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, "close")
  })
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`, sockets }
}

interface Sending {
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

const send = (url: string, { signal = new AbortController().signal, ...request }: Sending = {}): Promise<WebhookAnswer> =>
  sender.send({ url, headers: {}, body: "{}", timeoutMs: 10_000, ...request }, signal)

/** On a busy machine, too. */
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000 })

const urlOf = ({ port }: Receiver, path = "/"): string => `http://127.0.0.1:${port}${path}`

describe("a receiver that answers", () => {
  test("gets the body byte for byte, with the headers as they are", async () => {
    const hooks = await receiver((_, response) => response.writeHead(201).end("thanks"))
    const body = '{"text":"žluťoučký 🐎"}'
    const headers = { "content-type": "application/json", "webhook-id": "evt_1", "X-Endpoint": "a b" }
    const answer = await send(urlOf(hooks, "/hooks/1?a=%2F&b"), { body, headers })
    expect(answer).toEqual({
      kind: "answered",
      httpStatus: 201,
      retryAfterMs: null,
      responseBody: "thanks",
      durationMs: expect.any(Number),
    })
    expect(hooks.requests).toMatchObject([
      {
        url: "/hooks/1?a=%2F&b",
        body,
        headers: {
          "content-type": "application/json",
          "webhook-id": "evt_1",
          "x-endpoint": "a b",
          "user-agent": "Sluice-Webhooks",
          "accept-encoding": "identity",
          "content-length": String(Buffer.byteLength(body)),
          host: `127.0.0.1:${hooks.port}`,
        },
      },
    ])
  })

  test("gets no more than one of each header", async () => {
    const hooks = await receiver((_, response) => response.end())
    await send(urlOf(hooks), { headers: { "User-Agent": "mine", "Accept-Encoding": "gzip, br" } })
    expect(hooks.requests[0]?.headers).toMatchObject({ "user-agent": "mine", "accept-encoding": "identity" })
  })

  test.each([200, 204, 301, 302, 303, 307, 308, 400, 404, 410, 429, 500, 502, 503])("with %d is told so", async (httpStatus) => {
    const hooks = await receiver((_, response) => response.writeHead(httpStatus).end())
    expect(await send(urlOf(hooks))).toMatchObject({ kind: "answered", httpStatus, responseBody: "" })
  })

  test.each(["location", "Refresh", "content-location"])("with a %s is not followed", async (name) => {
    const target = await receiver((_, response) => response.end())
    const hooks = await receiver((_, response) => response.writeHead(307, { [name]: urlOf(target) }).end())
    expect(await send(urlOf(hooks))).toMatchObject({ httpStatus: 307 })
    expect([hooks.requests.length, target.connections]).toEqual([1, 0])
  })

  test("is reached again over the same connection", async () => {
    const hooks = await receiver((_, response) => response.end("ok"))
    for (let round = 0; round < 5; round++) {
      await send(urlOf(hooks))
      await setImmediate()
    }
    expect([hooks.requests.length, hooks.connections]).toEqual([5, 1])
  })

  test.each([
    ["120", 120_000],
    ["Fri, 20 Nov 2026 18:02:00 GMT", 120_000],
    ["99999999", 86_400_000],
    ["soon", null],
  ])("with Retry-After %j is heard", async (value, retryAfterMs) => {
    const hooks = await receiver((_, response) => response.writeHead(503, { "retry-after": value }).end())
    expect(await send(urlOf(hooks))).toMatchObject({ retryAfterMs })
  })
})

describe("a receiver's answer", () => {
  test("of 10 MB is read no further than 4 kB, and its connection closed", async () => {
    let written = 0
    const { url, sockets } = await rawReceiver((socket) => {
      socket.write(`HTTP/1.1 500 No\r\ncontent-length: ${10 * 1024 * 1024}\r\n\r\n`)
      const more = (): void => {
        while (!socket.destroyed && written < 10 * 1024 * 1024) {
          written += 16_384
          if (!socket.write("x".repeat(16_384))) return void socket.once("drain", more)
        }
      }
      more()
    })
    const answer = await send(url)
    expect(answer).toMatchObject({ kind: "answered", httpStatus: 500, responseBody: "x".repeat(4_096) })
    await eventually(() => expect(sockets.size).toBe(0))
    expect(written).toBeLessThan(10 * 1024 * 1024)
  })

  test("without end is read no further than 4 kB", async () => {
    const { url, sockets } = await rawReceiver((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
      const more = setInterval(() => socket.write("4\r\nabcd\r\n".repeat(1_000)), 1)
      socket.once("close", () => clearInterval(more))
    })
    expect(await send(url)).toMatchObject({ httpStatus: 200, responseBody: "abcd".repeat(1_024) })
    await eventually(() => expect(sockets.size).toBe(0))
  })

  test("that would unpack to 50 MB stays packed", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
    const hooks = await receiver((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb))
    expect(await send(urlOf(hooks))).toMatchObject({ httpStatus: 200, responseBody: "[encoded as gzip, not shown]" })
  })

  test("that is no UTF-8 becomes text, and a character cut in two is left off", async () => {
    const wrong = await receiver((_, response) => response.end(Buffer.from([0x61, 0xff, 0xfe, 0x62])))
    expect(await send(urlOf(wrong))).toMatchObject({ responseBody: "a\ufffd\ufffdb" })
    const long = await receiver((_, response) => response.end(`abc${"🐎".repeat(2_000)}`))
    expect(await send(urlOf(long))).toMatchObject({ responseBody: `abc${"🐎".repeat(1_023)}` })
  })

  test("that breaks off counts by its status, with what came", async () => {
    const { url } = await rawReceiver((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf", () => socket.destroy())
    })
    expect(await send(url)).toMatchObject({ kind: "answered", httpStatus: 200, responseBody: "half" })
  })

  test("that drips counts by its status, and costs no more than the time-out", async () => {
    const { url, sockets } = await rawReceiver((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
      const drip = setInterval(() => socket.write("."), 20)
      socket.once("close", () => clearInterval(drip))
    })
    const answer = await send(url, { timeoutMs: 1_000 })
    expect(answer).toMatchObject({ kind: "answered", httpStatus: 200, responseBody: expect.stringMatching(/^\.{1,60}$/) })
    await eventually(() => expect(sockets.size).toBe(0))
  })

  test("whose headers drip is none within the time-out", async () => {
    const { url, sockets } = await rawReceiver((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nx-drip: ")
      const drip = setInterval(() => socket.write("."), 20)
      socket.once("close", () => clearInterval(drip))
    })
    expect(await send(url, { timeoutMs: 300 })).toMatchObject({
      kind: "unanswered",
      reason: "timeout",
      message: "No answer within 300 ms.",
    })
    await eventually(() => expect(sockets.size).toBe(0))
  })

  test.each([
    ["headers without end", `HTTP/1.1 200 OK\r\n${`x-more: ${"x".repeat(1_000)}\r\n`.repeat(20)}`, "larger than 16 kB"],
    ["another protocol", "SSH-2.0-OpenSSH_9.9\r\n", "not HTTP"],
    ["an upgrade", "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n", "closed"],
  ])("of %s is none", async (_what, bytes, words) => {
    const { url, sockets } = await rawReceiver((socket) => socket.write(bytes))
    expect(await send(url)).toMatchObject({ kind: "unanswered", reason: "network", message: expect.stringContaining(words) })
    await eventually(() => expect(sockets.size).toBe(0))
  })
})

describe("a receiver that does not answer", () => {
  test("is given up after the time-out", async () => {
    const { url, sockets } = await rawReceiver(() => {})
    const answer = await send(url, { timeoutMs: 150 })
    expect(answer).toEqual({ kind: "unanswered", reason: "timeout", message: "No answer within 150 ms.", durationMs: expect.any(Number) })
    expect(answer.durationMs).toBeGreaterThanOrEqual(140)
    await eventually(() => expect(sockets.size).toBe(0))
  })

  test("because it hangs up, or is not there, is a matter of the network", async () => {
    const { url } = await rawReceiver((socket) => socket.destroy())
    expect(await send(url)).toMatchObject({ kind: "unanswered", reason: "network" })
    const gone = await receiver((_, response) => response.end())
    await closers.pop()?.()
    expect(await send(urlOf(gone))).toMatchObject({ reason: "network", message: expect.stringContaining("refused") })
  })

  test("does not speak TLS, though its URL says so", async () => {
    const hooks = await receiver((_, response) => response.end())
    expect(await send(`https://127.0.0.1:${hooks.port}/`)).toMatchObject({ reason: "network", message: expect.stringContaining("TLS") })
  })

  test("takes no more connections than one receiver may, and none from others", async () => {
    const small = createWebhookSender({ policy: webhookPolicy({ allowAll: true }), maxConnectionsPerOrigin: 3 })
    closers.push(() => small.close())
    const { url, sockets } = await rawReceiver(() => {})
    const hooks = await receiver((_, response) => response.end("ok"))
    const stop = new AbortController()
    const request = { headers: {}, body: "{}", timeoutMs: 30_000 }
    const hanging = Array.from({ length: 20 }, () => small.send({ ...request, url }, stop.signal).catch(() => "stopped"))
    await eventually(() => expect(sockets.size).toBe(3))
    const others = await Promise.all(Array.from({ length: 20 }, () => small.send({ ...request, url: urlOf(hooks) }, stop.signal)))
    expect(others.map((answer) => answer.kind === "answered" && answer.httpStatus)).toEqual(Array(20).fill(200))
    expect(sockets.size).toBe(3)
    expect(hooks.connections).toBeLessThanOrEqual(3)
    stop.abort()
    expect(await Promise.all(hanging)).toEqual(Array(20).fill("stopped"))
  })
})

describe("before there is a connection", () => {
  /** A name whose server answers when it is told to. */
  function slowName(port: number) {
    const { promise: told, resolve: tell } = Promise.withResolvers<string[]>()
    const slow = createWebhookSender({
      policy: webhookPolicy({ allowAll: true }),
      resolver: { resolve4: () => told, resolve6: () => Promise.resolve([]) },
      connectTimeoutMs: 60_000,
    })
    closers.push(() => slow.close())
    return { slow, tell, request: { url: `http://slow.test:${port}/`, headers: {}, body: "{}" } }
  }

  test("the time-out holds, and nothing is sent when the connection comes about after all", async () => {
    const hooks = await receiver((_, response) => response.end())
    const { slow, tell, request } = slowName(hooks.port)
    const answer = await slow.send({ ...request, timeoutMs: 100 }, new AbortController().signal)
    expect(answer).toMatchObject({ kind: "unanswered", reason: "timeout" })
    tell(["127.0.0.1"])
    await eventually(() => expect(hooks.connections).toBe(1))
    expect(await slow.send({ ...request, timeoutMs: 5_000 }, new AbortController().signal)).toMatchObject({ httpStatus: 200 })
    expect(hooks.requests).toHaveLength(1)
  })

  test("an abort holds, and closing waits for nobody", async () => {
    const { slow, request } = slowName(1_025)
    const controller = new AbortController()
    const sending = slow.send({ ...request, timeoutMs: 60_000 }, controller.signal)
    controller.abort(new Error("draining"))
    await expect(sending).rejects.toThrow("draining")
    await slow.close()
  })

  test("waiting for one's turn at a receiver that hangs counts, too", async () => {
    const { url } = await rawReceiver(() => {})
    const single = createWebhookSender({ policy: webhookPolicy({ allowAll: true }), maxConnectionsPerOrigin: 1 })
    closers.push(() => single.close())
    const stop = new AbortController()
    const first = single.send({ url, headers: {}, body: "{}", timeoutMs: 60_000 }, stop.signal).catch(() => "stopped")
    const second = await single.send({ url, headers: {}, body: "{}", timeoutMs: 100 }, new AbortController().signal)
    expect(second).toMatchObject({ kind: "unanswered", reason: "timeout" })
    stop.abort()
    expect(await first).toBe("stopped")
  })
})

describe("an abort", () => {
  test("before the start sends nothing", async () => {
    const hooks = await receiver((_, response) => response.end())
    await expect(send(urlOf(hooks), { signal: AbortSignal.abort(new Error("draining")) })).rejects.toThrow("draining")
    expect(hooks.connections).toBe(0)
  })

  test("while the receiver thinks rejects with its reason, and closes the connection", async () => {
    const { url, sockets } = await rawReceiver(() => controller.abort(new Error("draining")))
    const controller = new AbortController()
    await expect(send(url, { signal: controller.signal })).rejects.toThrow("draining")
    await eventually(() => expect(sockets.size).toBe(0))
  })

  test("while the body arrives does not lose the answer, which is known by then", async () => {
    const controller = new AbortController()
    const { url, sockets } = await rawReceiver((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
      setTimeout(() => controller.abort(new Error("draining")), 500)
    })
    expect(await send(url, { signal: controller.signal })).toMatchObject({ httpStatus: 200, responseBody: "half" })
    await eventually(() => expect(sockets.size).toBe(0))
  })
})

describe("headers", () => {
  test.each([
    [{ "x-a": "1\r\nx-evil: 1" }, "x-a"],
    [{ "x-a": "1\nx-evil: 1" }, "x-a"],
    [{ "x-a": "1\u0000" }, "x-a"],
    [{ "x-a": "č" }, "x-a"],
    [{ "x-a\r\nx-evil": "1" }, "no header name"],
    [{ "x a": "1" }, "no header name"],
    [{ "": "1" }, "no header name"],
    [{ Host: "169.254.169.254" }, "Host"],
    [{ "content-length": "0" }, "content-length"],
    [{ "Transfer-Encoding": "chunked" }, "Transfer-Encoding"],
    [{ connection: "close" }, "connection"],
    [{ upgrade: "h2c" }, "upgrade"],
  ])("such as %j are not sent", async (headers, words) => {
    const hooks = await receiver((_, response) => response.end())
    const answer = await send(urlOf(hooks), { headers: { ...headers } })
    expect(answer).toMatchObject({ kind: "unanswered", reason: "network", message: expect.stringContaining(words) })
    expect(hooks.connections).toBe(0)
  })
})

test("a sender that closes lets what it sends end, and sends no more", async () => {
  const { promise: hold, resolve: letGo } = Promise.withResolvers<void>()
  const hooks = await receiver((_, response) => void hold.then(() => response.end("ok")))
  const sending = send(urlOf(hooks))
  await eventually(() => expect(hooks.requests).toHaveLength(1))
  const closing = sender.close()
  letGo()
  expect(await sending).toMatchObject({ httpStatus: 200 })
  await closing
  expect(await send(urlOf(hooks))).toMatchObject({ reason: "network", message: expect.stringContaining("shutting down") })
  await eventually(async () => expect(await hooks.openConnections()).toBe(0))
})
