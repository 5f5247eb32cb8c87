import type { WebhookSender } from "@sluice/core"
import { checkWebhookUrl, createWebhookSender, webhookPolicy } from "@sluice/webhooks"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { type DnsServer, startDnsServer } from "./support/dns-server.ts"
import { hostileUrls, hostileZone } from "./support/hostile-urls.ts"
import { type Receiver, startReceiver } from "./support/receiver.ts"
import { type ConnectionWatch, watchConnections } from "./support/watch-connections.ts"

const policy = webhookPolicy({})
let receivers: Receiver[]
let dns: DnsServer
let sender: WebhookSender
let watch: ConnectionWatch

beforeAll(async () => {
  const ok = (_: unknown, response: { end: () => void }): void => response.end()
  receivers = [await startReceiver(ok), await startReceiver(ok, { host: "::1" })]
  dns = await startDnsServer((name) => hostileZone[name])
  sender = createWebhookSender({ policy, resolver: dns.resolver })
  watch = watchConnections()
})
afterEach(() => {
  expect(watch.attempts).toEqual([])
  expect(receivers.map(({ connections }) => connections)).toEqual([0, 0])
})
afterAll(async () => {
  watch.stop()
  await sender.close()
  await dns.close()
  for (const receiver of receivers) await receiver.close()
})

const send = (url: string, by = sender) =>
  by.send({ url, headers: { "content-type": "application/json" }, body: "{}", timeoutMs: 5_000 }, new AbortController().signal)

describe("a URL that cannot be meant", () => {
  test("comes in many forms", () => {
    expect(new Set(hostileUrls.map(([url]) => url)).size).toBeGreaterThanOrEqual(80)
  })

  test.each(hostileUrls)("%j is refused for its %s, and nothing connects", async (url, reason) => {
    expect(checkWebhookUrl(url, policy)).toMatchObject({ ok: false, reason })
    expect(await send(url)).toMatchObject({ kind: "unanswered", reason: "address_refused" })
  })

  test("on the ports where something listens, too", async () => {
    for (const [index, { port }] of receivers.entries()) {
      const hosts = index === 0 ? ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0", "localhost"] : ["[::1]", "[::]", "localhost"]
      for (const host of hosts) {
        for (const scheme of ["http", "https"]) {
          expect(await send(`${scheme}://${host}:${port}/`)).toMatchObject({ reason: "address_refused" })
        }
      }
    }
  })
})

describe("a name that leads where it may not", () => {
  test.each(Object.keys(hostileZone))("%s is refused when it is resolved, and nothing connects", async (host) => {
    for (const port of [443, ...receivers.map((receiver) => receiver.port)]) {
      const url = `https://${host}:${port}/`
      expect(checkWebhookUrl(url, policy)).toMatchObject({ ok: true })
      const answer = await send(url)
      expect(answer).toMatchObject({ kind: "unanswered", reason: "address_refused" })
      // What a private name server says is not for the owner of the receiver.
      for (const address of hostileZone[host] ?? []) expect(JSON.stringify(answer)).not.toContain(address)
    }
  })

  test("is refused over http as well, where http is allowed at all", async () => {
    const elsewhere = createWebhookSender({ policy: webhookPolicy({ allowPrivate: ["192.168.77.0/24"] }), resolver: dns.resolver })
    for (const host of Object.keys(hostileZone)) {
      expect(await send(`http://${host}/`, elsewhere)).toMatchObject({ reason: "address_refused" })
    }
    await elsewhere.close()
  })
})
