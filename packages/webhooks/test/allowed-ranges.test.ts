import { checkWebhookUrl, createWebhookSender, type WebhookPolicy, webhookPolicy } from "@sluice/webhooks"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type DnsServer, startDnsServer } from "./support/dns-server.ts"
import { type Receiver, startReceiver } from "./support/receiver.ts"
import { type ConnectionWatch, watchConnections } from "./support/watch-connections.ts"

const zone: Record<string, string[]> = {
  "hooks.test": ["127.0.0.1"],
  "both.test": ["127.0.0.1", "::1"],
  "public.test": ["93.184.215.14"],
  "mixed.test": ["127.0.0.1", "93.184.215.14"],
  "private.test": ["10.0.0.1"],
  "metadata.test": ["169.254.169.254"],
  receiver: ["127.0.0.1"],
}

let dns: DnsServer
let receiver: Receiver
let receiver6: Receiver
let watch: ConnectionWatch

beforeAll(async () => {
  dns = await startDnsServer((name) => zone[name])
  receiver = await startReceiver((_, response) => response.end("ok"))
  receiver6 = await startReceiver((_, response) => response.end("ok"), { host: "::1" })
})
beforeEach(() => {
  watch = watchConnections()
})
afterEach(() => watch.stop())
afterAll(async () => {
  await receiver.close()
  await receiver6.close()
  await dns.close()
})

/** What the URL alone allows, then what comes of sending there. */
async function outcome(url: string, policy: WebhookPolicy): Promise<[boolean, string | number]> {
  const sender = createWebhookSender({ policy, resolver: dns.resolver })
  const answer = await sender.send({ url, headers: {}, body: "{}", timeoutMs: 5_000 }, new AbortController().signal)
  await sender.close()
  return [checkWebhookUrl(url, policy).ok, answer.kind === "answered" ? answer.httpStatus : answer.reason]
}

describe("with 127.0.0.0/8 allowed", () => {
  const policy = webhookPolicy({ allowPrivate: ["127.0.0.0/8"] })

  test.each(["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "[64:ff9b::127.0.0.1]", "hooks.test", "localhost", "receiver"])(
    "%s is inside",
    async (host) => {
      const [isAllowed, result] = await outcome(`http://${host}:${receiver.port}/`, policy)
      expect(isAllowed).toBe(true)
      // The way through NAT64 is right, though nothing here leads along it.
      expect(result).toBe(host.includes("64:ff9b") ? "network" : 200)
      expect(watch.attempts).toHaveLength(1)
    },
  )

  test.each([
    ["http://[::1]/", false],
    ["http://10.0.0.1/", false],
    ["https://10.0.0.1/", false],
    ["http://8.8.8.8/", false],
    ["http://public.test/", true],
    ["http://mixed.test/", true],
    ["http://both.test/", true],
    ["https://both.test/", true],
    ["https://private.test/", true],
    ["https://metadata.test/", true],
    ["http://169.254.169.254/", false],
    ["https://metadata.google.internal/", false],
    ["http://127.0.0.1:6379/", false],
    ["http://127.0.0.1:22/", false],
  ])("%s is outside; by its URL alone allowed: %s", async (url, isAllowed) => {
    expect(await outcome(url, policy)).toEqual([isAllowed, "address_refused"])
    expect(watch.attempts).toEqual([])
  })
})

describe("with ::1/128 allowed", () => {
  const policy = webhookPolicy({ allowPrivate: ["::1/128"] })

  test("localhost means the one that is", async () => {
    expect(await outcome(`http://localhost:${receiver6.port}/`, policy)).toEqual([true, 200])
    expect(watch.attempts).toEqual([`::1:${receiver6.port}`])
  })

  test("its IPv4 twin is not", async () => {
    expect(await outcome(`http://127.0.0.1:${receiver.port}/`, policy)).toEqual([false, "address_refused"])
    expect(watch.attempts).toEqual([])
  })
})

describe("with everything allowed", () => {
  const policy = webhookPolicy({ allowAll: true })

  test("any receiver is reached, over http too", async () => {
    expect(await outcome(`http://127.0.0.1:${receiver.port}/`, policy)).toEqual([true, 200])
    expect(await outcome(`http://[::1]:${receiver6.port}/`, policy)).toEqual([true, 200])
    expect(await outcome(`http://both.test:${receiver6.port}/`, policy)).toEqual([true, 200])
    expect(watch.attempts.length).toBeGreaterThanOrEqual(3)
  })

  test.each(["http://169.254.169.254/", "http://168.63.129.16/", "http://metadata.test/", "http://[fd00:ec2::254]/", "http://metadata/"])(
    "%s, which hands out credentials, is not",
    async (url) => {
      expect(await outcome(url, policy)).toEqual([url.includes("metadata.test"), "address_refused"])
      expect(watch.attempts).toEqual([])
    },
  )
})

test("a policy that changes holds from the next connection on", async () => {
  let policy = webhookPolicy({ allowPrivate: ["127.0.0.0/8"] })
  const sender = createWebhookSender({ policy: () => policy, resolver: dns.resolver })
  const request = { headers: {}, body: "{}", timeoutMs: 5_000 }
  const { signal } = new AbortController()
  expect(await sender.send({ ...request, url: `http://hooks.test:${receiver.port}/` }, signal)).toMatchObject({ httpStatus: 200 })
  policy = webhookPolicy({ allowPrivate: ["10.0.0.0/8"] })
  expect(await sender.send({ ...request, url: `http://receiver:${receiver.port}/` }, signal)).toMatchObject({ reason: "address_refused" })
  expect(await sender.send({ ...request, url: `http://127.0.0.1:${receiver.port}/` }, signal)).toMatchObject({ reason: "address_refused" })
  await sender.close()
})
