import { setImmediate } from "node:timers/promises"
import type { WebhookSender } from "@sluice/core"
import { createWebhookSender, webhookPolicy } from "@sluice/webhooks"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { type DnsServer, startDnsServer } from "./support/dns-server.ts"
import { certificate, type Receiver, startReceiver } from "./support/receiver.ts"
import { type ConnectionWatch, watchConnections } from "./support/watch-connections.ts"

/** The documentation's, which leads nowhere; allowed here so that it passes for a public one. */
const farAway = "192.0.2.1"
const policy = webhookPolicy({ allowPrivate: ["192.0.2.0/24"] })

let zone: Record<string, readonly string[] | "silence">
let dns: DnsServer
let receiver: Receiver
let sender: WebhookSender
let watch: ConnectionWatch

beforeEach(async () => {
  zone = {}
  dns = await startDnsServer((name) => zone[name])
  receiver = await startReceiver((_, response) => response.end("ok"))
  sender = createWebhookSender({ policy, resolver: dns.resolver, connectTimeoutMs: 1_000 })
  watch = watchConnections()
})
afterEach(async () => {
  watch.stop()
  await sender.close()
  await receiver.close()
  await dns.close()
})

const send = (url: string, { by = sender, timeoutMs = 5_000 } = {}) =>
  by.send({ url, headers: {}, body: "{}", timeoutMs }, new AbortController().signal)

describe("a name server that changes its mind", () => {
  test("does so too late: the address that was checked is the one connected to", async () => {
    let asked = 0
    vi.spyOn(dns.resolver, "resolve4").mockImplementation(async () => (asked++ === 0 ? [farAway] : ["127.0.0.1"]))
    await send(`http://rebinding.test:${receiver.port}/`, { timeoutMs: 300 })
    expect(asked).toBe(1)
    expect(watch.attempts).toEqual([`${farAway}:${receiver.port}`])
    expect(receiver.connections).toBe(0)
  })

  test("is asked for every new connection, and caught at the next attempt", async () => {
    const url = `http://rebinding.test:${receiver.port}/`
    zone = { "rebinding.test": [farAway] }
    // Some systems know at once that there is no way there.
    expect(await send(url, { timeoutMs: 300 })).toMatchObject({ reason: expect.stringMatching(/^(timeout|network)$/) })
    zone = { "rebinding.test": ["127.0.0.1"] }
    await vi.waitFor(async () => expect(await send(url, { timeoutMs: 3_000 })).toMatchObject({ reason: "address_refused" }), 5_000)
    expect(watch.attempts.filter((attempt) => !attempt.startsWith(farAway))).toEqual([])
    expect(receiver.connections).toBe(0)
  })

  test("cannot move a connection that stands, which stays with its checked address", async () => {
    const local = createWebhookSender({ policy: webhookPolicy({ allowPrivate: ["127.0.0.0/8"] }), resolver: dns.resolver })
    const url = `http://rebinding.test:${receiver.port}/`
    zone = { "rebinding.test": ["127.0.0.1"] }
    expect(await send(url, { by: local })).toMatchObject({ httpStatus: 200 })
    zone = { "rebinding.test": ["10.0.0.1"] }
    // The pool takes the connection back a moment after the answer.
    await setImmediate()
    expect(await send(url, { by: local })).toMatchObject({ httpStatus: 200 })
    expect(receiver.connections).toBe(1)
    // Of another port it is another origin, whose first connection is a new one.
    expect(await send("http://rebinding.test:8080/", { by: local })).toMatchObject({ reason: "address_refused" })
    expect(new Set(watch.attempts)).toEqual(new Set([`127.0.0.1:${receiver.port}`]))
    await local.close()
  })
})

describe("a name", () => {
  test("that does not exist, or has no address, is said to", async () => {
    zone = { "empty.test": [] }
    expect(await send("https://nowhere.test/")).toMatchObject({ reason: "network", message: expect.stringContaining("does not exist") })
    expect(await send("https://empty.test/")).toMatchObject({ reason: "network", message: expect.stringContaining("has no address") })
  })

  test("whose server keeps silent is given up within the time-out", async () => {
    zone = { "silent.test": "silence" }
    const answer = await send("https://silent.test/", { timeoutMs: 200 })
    expect(answer).toMatchObject({ kind: "unanswered", reason: "timeout" })
    expect(answer.durationMs).toBeLessThan(2_000)
  })

  test("is sent in the TLS handshake and the Host header, though the connection goes to its address", async () => {
    const secure = await startReceiver((_, response) => response.end("ok"), { isSecure: true })
    const local = createWebhookSender({
      policy: webhookPolicy({ allowPrivate: ["127.0.0.1/32"] }),
      resolver: dns.resolver,
      ca: certificate,
    })
    zone = { "receiver.test": ["127.0.0.1"], "other.test": ["127.0.0.1"] }
    expect(await send(`https://receiver.test:${secure.port}/`, { by: local })).toMatchObject({ httpStatus: 200 })
    expect(secure.requests[0]?.headers.host).toBe(`receiver.test:${secure.port}`)
    expect(secure.serverNames).toEqual(["receiver.test"])
    expect(await send(`https://127.0.0.1:${secure.port}/`, { by: local })).toMatchObject({ httpStatus: 200 })
    expect(await send(`https://other.test:${secure.port}/`, { by: local })).toMatchObject({
      reason: "network",
      message: expect.stringContaining("another host name"),
    })
    expect(watch.attempts).toEqual(Array(3).fill(`127.0.0.1:${secure.port}`))
    await local.close()
    await secure.close()
  })

  test("signed by an authority that nobody knows is refused", async () => {
    const secure = await startReceiver((_, response) => response.end("ok"), { isSecure: true })
    const local = createWebhookSender({ policy: webhookPolicy({ allowAll: true }) })
    expect(await send(`https://127.0.0.1:${secure.port}/`, { by: local })).toMatchObject({
      reason: "network",
      message: expect.stringContaining("self-signed"),
    })
    expect(secure.requests).toEqual([])
    await local.close()
    await secure.close()
  })
})
