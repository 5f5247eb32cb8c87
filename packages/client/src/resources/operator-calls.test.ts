import { expect, test } from "vitest"
import { ok, problem, refused } from "../testing/fake-fetch.ts"
import { testClient } from "../testing/test-client.ts"

const empty = ok({ data: [], nextCursor: null })
const callsOf = (sent: readonly { method: string; url: string }[]) =>
  sent.map(({ method, url }) => `${method} ${url.replace(/^.*?\/base/, "")}`)

test("dead letters and replays", async () => {
  const { client, sent } = testClient([empty])
  await client.deadLetters.list({ state: "open", errorType: "timeout", metadata: { orderId: "81" } }).page()
  await client.deadLetters.get("dl_1")
  await client.deadLetters.summary({ by: "route" })
  await client.deadLetters.groups({ state: "open" })
  await client.deadLetters.replay({ filter: { route: "chat" }, dryRun: true })
  await client.deadLetters.discard({ ids: ["dl_1"], reason: "known" })
  await client.replays.list({ limit: 3 }).page()
  await client.replays.get("rpl_1")
  await client.replays.cancel("rpl_1")
  expect(callsOf(sent)).toEqual([
    "GET /v1/dead-letters?state=open&errorType=timeout&metadata.orderId=81",
    "GET /v1/dead-letters/dl_1",
    "GET /v1/dead-letters/summary?by=route",
    "GET /v1/dead-letters/groups?state=open",
    "POST /v1/dead-letters/replay",
    "POST /v1/dead-letters/discard",
    "GET /v1/replays?limit=3",
    "GET /v1/replays/rpl_1",
    "POST /v1/replays/rpl_1/cancel",
  ])
  expect(sent[4]?.body).toEqual({ filter: { route: "chat" }, dryRun: true })
  expect(sent[5]?.body).toEqual({ ids: ["dl_1"], reason: "known" })
})

test("webhooks", async () => {
  const { client, sent } = testClient([empty])
  await client.webhooks.list().page()
  await client.webhooks.create({ url: "https://app.example/hooks" })
  await client.webhooks.get("whe_1")
  await client.webhooks.update("whe_1", { enabled: true })
  await client.webhooks.rotateSecret("whe_1", { overlapMs: 0 })
  await client.webhooks.test("whe_1")
  await client.webhooks.deliveries("whe_1", { status: "failed" }).page()
  await client.webhooks.getDelivery("whe_1", "evt_1:whe_1")
  await client.webhooks.redeliver("whe_1", "evt_1:whe_1")
  await client.webhooks.recover("whe_1", "2026-11-21T00:00:00Z")
  await client.webhooks.getRecovery("whe_1", "rec_1")
  await client.webhooks.defaultSecret()
  await client.webhooks.rotateDefaultSecret()
  expect(callsOf(sent)).toEqual([
    "GET /v1/webhook-endpoints",
    "POST /v1/webhook-endpoints",
    "GET /v1/webhook-endpoints/whe_1",
    "PATCH /v1/webhook-endpoints/whe_1",
    "POST /v1/webhook-endpoints/whe_1/rotate-secret",
    "POST /v1/webhook-endpoints/whe_1/test",
    "GET /v1/webhook-endpoints/whe_1/deliveries?status=failed",
    "GET /v1/webhook-endpoints/whe_1/deliveries/evt_1%3Awhe_1",
    "POST /v1/webhook-endpoints/whe_1/deliveries/evt_1%3Awhe_1/redeliver",
    "POST /v1/webhook-endpoints/whe_1/recover",
    "GET /v1/webhook-endpoints/whe_1/recoveries/rec_1",
    "GET /v1/webhook-secret",
    "POST /v1/webhook-secret/rotate",
  ])
})

test("a deletion has no body to read", async () => {
  const { client, sent } = testClient([() => new Response(null, { status: 204 })])
  expect(await client.webhooks.delete("whe_1")).toBeUndefined()
  expect(callsOf(sent)).toEqual(["DELETE /v1/webhook-endpoints/whe_1"])
})

test("processes and what they log", async () => {
  const { client, sent } = testClient([empty])
  await client.processes.list().page()
  await client.processes.profile("host-1-a", { kind: "cpu", durationMs: 1_000 })
  await client.processes.logLevel()
  await client.processes.setLogLevel({ level: "debug" })
  await client.processes.resetLogLevel()
  expect(callsOf(sent)).toEqual([
    "GET /v1/processes",
    "POST /v1/processes/host-1-a/profiles",
    "GET /v1/log-level",
    "PUT /v1/log-level",
    "DELETE /v1/log-level",
  ])
})

test("queues and the audit log", async () => {
  const { client, sent } = testClient([empty])
  await client.queues.list().page()
  await client.queues.pause("chat")
  await client.queues.resume("chat")
  await client.audit.list({ action: "replay.create" }).page()
  expect(callsOf(sent)).toEqual([
    "GET /v1/queues",
    "POST /v1/queues/chat/pause",
    "POST /v1/queues/chat/resume",
    "GET /v1/audit?action=replay.create",
  ])
})

test("what would be done twice is sent again only when nothing was done", async () => {
  const start = { filter: { route: "chat" } }
  const lost = testClient([refused, ok({})])
  await expect(lost.client.deadLetters.replay(start)).rejects.toMatchObject({ reason: "network" })
  expect(lost.sent.length).toBe(1)
  const doubtful = testClient([problem(500, "internal"), ok({})])
  await expect(doubtful.client.webhooks.create({ url: "https://a.example" })).rejects.toMatchObject({ code: "internal" })
  expect(doubtful.sent.length).toBe(1)
  const turnedAway = testClient([problem(503, "storage_unavailable"), ok({ id: "rpl_1" })])
  expect(await turnedAway.client.deadLetters.replay(start)).toEqual({ id: "rpl_1" })
})

test("keys, tenants and tokens", async () => {
  const { client, sent } = testClient([empty])
  await client.apiKeys.create({ name: "orders", scopes: ["jobs:*"] })
  await client.apiKeys.list({ limit: 3 }).page()
  await client.apiKeys.get("key_1")
  await client.apiKeys.rotate("key_1", { overlapMs: 0 })
  await client.apiKeys.revoke("key_1")
  await client.tenants.create({ id: "acme" })
  await client.tenants.list().page()
  await client.tenants.get("acme")
  await client.tenants.update("acme", { settings: { weight: null } })
  await client.tenants.disable("acme")
  await client.tenants.enable("acme")
  await client.jobs.token("job_1")
  expect(callsOf(sent)).toEqual([
    "POST /v1/api-keys",
    "GET /v1/api-keys?limit=3",
    "GET /v1/api-keys/key_1",
    "POST /v1/api-keys/key_1/rotate",
    "POST /v1/api-keys/key_1/revoke",
    "POST /v1/tenants",
    "GET /v1/tenants",
    "GET /v1/tenants/acme",
    "PATCH /v1/tenants/acme",
    "POST /v1/tenants/acme/disable",
    "POST /v1/tenants/acme/enable",
    "POST /v1/jobs/job_1/token",
  ])
  expect(sent[0]?.body).toEqual({ name: "orders", scopes: ["jobs:*"] })
  expect(sent[3]?.body).toEqual({ overlapMs: 0 })
  expect(sent[8]?.body).toEqual({ settings: { weight: null } })
})
