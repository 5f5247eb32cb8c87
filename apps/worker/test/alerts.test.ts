import { randomUUID } from "node:crypto"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createWebhookSecret, type Finding, newEventId, nextDay, verifyWebhook } from "@sluice/core"
import { sampleAlert, sampleJob, sampleWebhookEndpoint } from "@sluice/core/testing"
import { withDatabase } from "@sluice/devstack"
import { startChatServices } from "@sluice/simulator"
import { dropDatabase } from "@sluice/store/testing"
import { createAlertSender, createWebhookSender, webhookPolicy } from "@sluice/webhooks"
import { describe, expect, inject, onTestFinished, test, vi } from "vitest"
import { type AlertBench, openAlertBench, secrets } from "./support/alert-bench.ts"
import { startInstallation } from "./support/installation.ts"
import { startProvider } from "./support/simulated-provider.ts"

const hourMs = 3_600_000
const now = { clearMs: 0, forMs: 0 }
const subjects = (found: readonly Finding[]) => found.map(({ subject }) => subject)

/** Every call fails at once; the job is not tried again. */
const outage = { outage: { mode: "unavailable", durationMs: null } }
const quick = { retry: "off", failover: "off" }

async function withProvider(options: { readonly endpoint?: object; readonly route?: object } = {}) {
  const provider = await startProvider()
  const bench = await openAlertBench({ endpoint: { ...provider.endpoint, ...options.endpoint }, route: { ...quick, ...options.route } })
  await bench.startWorker()
  return { ...bench, provider }
}

/** Ends when what was found at first is found no more. */
async function recovers(bench: AlertBench, rule: object) {
  await vi.waitFor(async () => expect(subjects(await bench.firing(rule))).toEqual([]), { timeout: 20_000, interval: 200 })
  expect(await bench.store.alerts.list({ filter: {}, before: null, limit: 10 })).toMatchObject([{ state: "resolved" }])
  expect(bench.failedRules).toEqual([])
}

describe("each rule fires, and recovers", () => {
  test("breaker_open: an endpoint that is down, and comes back", async () => {
    const bench = await withProvider()
    const rule = { when: "breaker_open", ...now }
    expect(await bench.firing(rule)).toEqual([])
    await bench.provider.control(outage)
    await bench.submit(5)
    await vi.waitFor(async () => expect(subjects(await bench.firing(rule))).toEqual(["endpoint a"]), { timeout: 20_000 })
    expect((await bench.firing(rule))[0]?.summary).toMatch(/^The breaker of a has been open.* calls failed\.$/)
    await bench.provider.control({ outage: null })
    await bench.submit(2)
    await recovers(bench, rule)
  })

  test("credential_rejected: a key that the provider refuses, and another in its place", async () => {
    const bench = await withProvider()
    const rule = { when: "credential_rejected", ...now }
    await bench.provider.control({ faults: { rates: { unauthorized: 1 } } })
    await bench.submit(1)
    await vi.waitFor(async () => expect(subjects(await bench.firing(rule))).toEqual(["endpoint a"]), { timeout: 20_000 })
    replaceKey(bench)
    await recovers(bench, rule)
  })

  test("provider_quota: an exhausted quota, and a nearly used allowance", async () => {
    const bench = await withProvider({ endpoint: { limits: { requestsPerMinute: 300 } } })
    const rule = { when: "provider_quota", ...now, above: 0.01 }
    await bench.provider.control({ faults: { rates: { quota: 1 } } })
    await bench.submit(1)
    await vi.waitFor(async () => expect((await bench.firing(rule))[0]?.summary).toContain("quota of a is used up"), { timeout: 20_000 })
    await bench.provider.control({ faults: { rates: {} } })
    replaceKey(bench)
    const jobs = await bench.submit(4)
    await bench.ended(jobs)
    await vi.waitFor(async () => expect((await bench.firing(rule))[0]?.summary).toMatch(/^a uses [\d.]+ % of what/), { timeout: 20_000 })
    await recovers(bench, { ...rule, above: 1 })
  })

  test("primary_share_low: answers of the fallback tier", async () => {
    const spare = await startProvider()
    const primary = await startProvider()
    const tiers = [
      { name: "primary", endpoints: ["a"] },
      { name: "fallback", endpoints: ["b"] },
    ]
    const route = { tiers, retry: { overloaded: { delayMs: 50, factor: 1 } } }
    const bench = await openAlertBench({ endpoint: primary.endpoint, endpoints: { b: spare.endpoint }, route })
    await bench.startWorker()
    const rule = { when: "primary_share_low", ...now, minimumJobs: 3 }
    await primary.control(outage)
    const jobs = await bench.submit(5, { options: { ...sampleJob().options, degradeAfterMs: 0 } })
    await bench.ended(jobs)
    await bench.account()
    expect((await bench.firing(rule))[0]?.summary).toMatch(/^The primary tier gave 0 % of the 5 answers of chat/)
    bench.ahead.ms = hourMs
    await recovers(bench, rule)
  })

  test("failure_rate, dead_letter_rate and objective_burn: jobs that fail, and an hour without", async () => {
    const bench = await withProvider({ endpoint: { breaker: "off" } })
    await bench.provider.control({ faults: { rates: { error_in_ok: 1 } } })
    const jobs = await bench.submit(6)
    await bench.ended(jobs)
    await bench.account()
    const rules = [
      { when: "failure_rate", ...now, minimumJobs: 3 },
      { when: "dead_letter_rate", ...now, above: 4 },
      { when: "objective_burn", ...now, minimumJobs: 3 },
      { when: "objective_burn", name: "slow", ...now, minimumJobs: 3, pace: "slow" },
    ]
    await bench.watcher(rules).evaluate()
    const found = await bench.store.alerts.active()
    expect(found.map(({ rule }) => rule).sort()).toEqual(["dead_letter_rate", "failure_rate", "objective_burn", "slow"])
    expect(found.find(({ rule }) => rule === "failure_rate")?.summary).toMatch(
      /^100 % of the 6 jobs of chat failed or expired in 15 minutes: 6 /,
    )
    expect(found.find(({ rule }) => rule === "objective_burn")?.subject).toBe("objective availability of chat")
    bench.ahead.ms = 2 * hourMs
    await bench.watcher(rules).evaluate()
    // The fast pace looks at the last minutes too, the slow one at three days.
    expect((await bench.store.alerts.active()).map(({ rule }) => rule)).toEqual(["slow"])
    bench.ahead.ms = 80 * hourMs
    await bench.watcher(rules).evaluate()
    expect(await bench.store.alerts.active()).toEqual([])
  })

  test("token_use and budget_used: what calls used and cost, and the next day", async () => {
    const bench = await withProvider({ endpoint: { price: { perCallUsd: 0.01 } } })
    bench.tenantSettings.acme = { budgetUsdPerDay: 0.06 }
    const jobs = await bench.submit(5, { tenantId: "acme", deadline: nextDay(nextDay(new Date())) })
    await bench.ended(jobs)
    await bench.account()
    const rules = [
      { when: "token_use", ...now, above: 10 },
      { when: "token_use", name: "of_chat", ...now, above: 10, routes: ["chat"] },
      { when: "budget_used", ...now },
    ]
    await bench.watcher(rules).evaluate()
    const found = await bench.store.alerts.active()
    expect(found.map(({ rule, subject }) => `${rule}: ${subject}`).sort()).toEqual([
      "budget_used: tenant acme",
      "of_chat: route chat",
      "token_use: installation",
    ])
    expect(found.find(({ rule }) => rule === "budget_used")?.summary).toContain("83.3 % of today's budget: $0.05 of $0.06")
    bench.ahead.ms = 25 * hourMs
    await bench.watcher(rules).evaluate()
    expect(await bench.store.alerts.active()).toEqual([])
  })

  test("oldest_waiting: a job in line while there is no worker, until one takes it", async () => {
    const provider = await startProvider()
    const bench = await openAlertBench({ endpoint: provider.endpoint, route: quick })
    const rule = { when: "oldest_waiting", ...now }
    const jobs = await bench.submit(2)
    expect(await bench.firing(rule)).toEqual([])
    bench.ahead.ms = 10 * 60_000
    expect((await bench.firing(rule))[0]?.summary).toBe("The oldest job in line of chat has waited for 10 minutes; 2 jobs are in line.")
    await bench.startWorker()
    await bench.ended(jobs)
    await recovers(bench, rule)
  })

  test("route_missing: jobs of a route that was removed, until they are cancelled", async () => {
    const bench = await openAlertBench()
    const rule = { when: "route_missing", ...now }
    const [job] = await Promise.all([bench.insert({ route: "gone" }), bench.insert()])
    expect(subjects(await bench.firing(rule))).toEqual(["route gone"])
    await bench.store.jobs.cancel({ tenantId: job.tenantId, id: job.id, at: new Date(), eventId: newEventId({ at: new Date() }) })
    await recovers(bench, rule)
  })

  test("webhook_endpoint_disabled: one that is gone, until somebody enables it", async () => {
    const bench = await openAlertBench()
    const rule = { when: "webhook_endpoint_disabled", ...now }
    const endpoint = sampleWebhookEndpoint({ tenantId: "acme" })
    await bench.store.webhookEndpoints.insert(endpoint)
    expect(await bench.firing(rule)).toEqual([])
    await bench.store.webhookEndpoints.disable({ id: endpoint.id, reason: "gone", at: new Date() })
    expect(subjects(await bench.firing(rule))).toEqual([`webhook endpoint ${endpoint.id}`])
    await bench.store.webhookEndpoints.update({ tenantId: "acme", id: endpoint.id, at: new Date(), changes: { disabled: null } })
    await recovers(bench, rule)
  })

  test("canary_failing: a canary without a good answer, until it has one", async () => {
    const bench = await openAlertBench()
    const rule = { when: "canary_failing", ...now }
    const at = new Date("2026-01-01T00:00:00.000Z")
    const of = { route: "chat", tier: "primary", endpoint: "a" } as const
    bench.canaries.push({
      ...of,
      outcome: "unexpected",
      checkedAt: at,
      since: at,
      latencyMs: 80,
      error: "It does not contain ok.",
      usage: null,
    })
    expect((await bench.firing(rule))[0]?.summary).toContain("It does not contain ok.")
    bench.canaries[0] = { ...of, outcome: "ok", checkedAt: at, since: at, latencyMs: 80, error: null, usage: null }
    await recovers(bench, rule)
  })
})

/** Whoever replaces a key changes its reference, or what is behind it. */
function replaceKey({ catalog }: AlertBench): void {
  const endpoint = catalog.endpoints.get("a")
  if (!endpoint || !(catalog.endpoints instanceof Map)) throw new Error("The catalog has no endpoint a")
  catalog.endpoints.set("a", { ...endpoint, apiKey: "env:ANOTHER_KEY" })
}

const waiting = { when: "route_missing", ...now }

/** Something that fires: a job of a route that there is not. */
async function withTrouble() {
  const bench = await openAlertBench()
  const job = await bench.insert({ route: "gone" })
  const mend = () =>
    bench.store.jobs.cancel({ tenantId: job.tenantId, id: job.id, at: new Date(), eventId: newEventId({ at: new Date() }) })
  return { ...bench, mend }
}

const heard = ({ services }: AlertBench) => services.received.map(({ service, fault }) => `${service} ${fault ?? "took it"}`).sort()
const each = ["discord took it", "slack took it", "webhook took it"]

describe("who is told", () => {
  test("is every channel once, in its own form, and once more when it is over", async () => {
    const bench = await withTrouble()
    const { evaluate, send } = bench.watcher([waiting])
    await evaluate()
    await evaluate()
    await send()
    await send()
    expect(heard(bench)).toEqual(each)
    expect(bench.lines).toMatchObject([{ event: "firing", url: "https://sluice.example/dashboard/jobs" }])
    await bench.mend()
    await evaluate()
    await send()
    await send()
    expect(heard(bench)).toEqual([...each, ...each].sort())
    expect(bench.lines.map(({ event }) => event)).toEqual(["firing", "resolved"])
    const [hook] = bench.services.received.filter(({ service }) => service === "webhook")
    await verifyWebhook({ headers: hook?.headers ?? {}, body: hook?.text ?? "", secrets: Object.values(secrets) })
  })

  test("is told by one of several processes, whoever believes to lead, and by a new one after the old has died", async () => {
    const bench = await withTrouble()
    // Without a lease everybody leads.
    const leases = { acquire: () => Promise.resolve(true), release: () => Promise.resolve() }
    const watchers = ["w-1", "w-2", "w-3"].map((holder) => bench.watcher([waiting], { holder, leases }))
    await Promise.all(watchers.map(({ evaluate }) => evaluate()))
    await Promise.all([...watchers, ...watchers].map(({ send }) => send()))
    expect(await bench.store.alerts.active()).toHaveLength(1)
    expect(heard(bench)).toEqual(each)
    const restarted = bench.watcher([waiting], { holder: "w-4", leases })
    await restarted.evaluate()
    await restarted.send()
    expect(heard(bench)).toEqual(each)
  })

  test("is told only by who holds the lease", async () => {
    const bench = await withTrouble()
    const [first, second] = [bench.watcher([waiting], { holder: "w-1" }), bench.watcher([waiting], { holder: "w-2" })]
    expect([await first.evaluate(), await second.evaluate()]).toEqual([{ led: true }, { led: false }])
    expect([await second.send(), await first.send()]).toEqual([{ tried: 0 }, { tried: 4 }])
  })

  test("when a channel is down the others are told, and it hears of it when it is back", async () => {
    const bench = await withTrouble()
    const { evaluate, send } = bench.watcher([waiting])
    bench.services.setOutage({ status: 429, retryAfterSeconds: 30 })
    await evaluate()
    expect(await send()).toEqual({ tried: 4 })
    expect(bench.lines).toHaveLength(1)
    expect(bench.notSent.map(({ channel }) => channel).sort()).toEqual(["discord", "hook", "slack"])
    bench.services.setOutage(null)
    expect(await send()).toEqual({ tried: 0 })
    bench.ahead.ms = 20_000
    // It asked for half a minute.
    expect(await send()).toEqual({ tried: 0 })
    bench.ahead.ms = 31_000
    expect(await send()).toEqual({ tried: 3 })
    expect(heard(bench)).toEqual(each)
    const [alert] = await bench.store.alerts.active()
    expect(alert?.notices.map(({ channel, tries, error }) => [channel, tries, error])).toEqual([
      ["discord", 2, null],
      ["slack", 2, null],
      ["hook", 2, null],
      ["log", 1, null],
    ])
  })

  test("is reminded while it lasts, but not while it is muted", async () => {
    const bench = await withTrouble()
    const { evaluate, send } = bench.watcher([{ ...waiting, repeatMs: hourMs, channels: ["slack"] }])
    const lookAfter = async (ms: number) => {
      bench.ahead.ms = ms
      await evaluate()
      await send()
      return bench.services.received.length
    }
    expect(await lookAfter(0)).toBe(1)
    expect(await lookAfter(hourMs / 2)).toBe(1)
    expect(await lookAfter(hourMs + 1_000)).toBe(2)
    const [alert] = await bench.store.alerts.active()
    if (!alert) throw new Error("It does not fire")
    expect(await bench.store.alerts.replace({ ...alert, mutedUntil: new Date(Date.now() + 3 * hourMs) })).toBe(true)
    expect(await lookAfter(2 * hourMs + 2_000)).toBe(2)
    expect(await lookAfter(4 * hourMs)).toBe(3)
  })

  test("what cannot be told leaves everything as it is: an alert is not over because nobody could look", async () => {
    const bench = await withTrouble()
    await bench.firing(waiting)
    vi.spyOn(bench.store.scans, "nextRoute").mockRejectedValue(new Error("away"))
    await bench.watcher([waiting]).evaluate()
    expect(bench.failedRules).toHaveLength(1)
    expect(await bench.store.alerts.active()).toMatchObject([{ state: "firing" }])
  })

  test("an alert whose rule was taken out is over", async () => {
    const bench = await withTrouble()
    await bench.firing(waiting)
    await bench.watcher([]).evaluate()
    expect(await bench.store.alerts.active()).toEqual([])
  })
})

test("an API and a worker as they run: a channel is tried, a trouble told and listed", async () => {
  const services = await startChatServices()
  onTestFinished(() => services.stop())
  const folder = await mkdtemp(join(tmpdir(), "sluice-alerts-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, "slack"), `${services.urls.slack}\n`)
  const provider = await startProvider()
  await provider.control({ faults: { rates: { error_in_ok: 1 } } })
  const name = `sluice-alerts-${randomUUID()}`
  onTestFinished(() => dropDatabase({ url: withDatabase(inject("mongodbUrl"), name) }))
  const configuration = {
    endpoints: { a: { ...provider.endpoint, breaker: "off" } },
    routes: { chat: { tiers: [{ name: "primary", endpoints: ["a"] }], ...quick } },
    publicUrl: "https://sluice.example",
    alerts: {
      channels: { team: { type: "slack", url: `file:${join(folder, "slack")}` } },
      rules: [{ when: "dead_letter_rate", ...now, above: 0 }],
      everyMs: 1_000,
    },
  }
  const installation = await startInstallation(configuration, { name })
  expect(await installation.post("/v1/alert-channels/team/test", {})).toMatchObject({ channel: "team", delivered: true })
  await installation.ended(await installation.submit({ route: "chat", input: { messages: [{ role: "user", content: "Say ok" }] } }))
  await vi.waitFor(() => expect(services.received.map(({ fault }) => fault)).toEqual([null, null]), { timeout: 20_000 })
  expect(services.received[1]?.text).toContain("1 dead letter came within 15 minutes")
  await vi.waitFor(async () => {
    const alert = { rule: "dead_letter_rate", state: "firing", url: "https://sluice.example/dashboard/dead-letters" }
    expect(await installation.get("/v1/alerts")).toMatchObject({
      data: [{ ...alert, notices: [{ channel: "team", sentAt: expect.any(String) }] }],
    })
  })
})

test("whatever an alert says, Discord and Slack take it", async () => {
  const { services, channels } = await openAlertBench()
  const sender = createWebhookSender({ policy: webhookPolicy({ allowAll: true }) })
  onTestFinished(() => sender.close())
  const resolveSecret = (reference: string) =>
    Promise.resolve(
      reference === "env:DISCORD_URL" ? services.urls.discord : reference === "env:SLACK_URL" ? services.urls.slack : createWebhookSecret(),
    )
  const alerts = createAlertSender({ sender, resolveSecret, writeLine: () => undefined, clock: () => new Date() })
  const texts = ["", "&".repeat(9_000), "<@everyone> `*_~ & <https://a.example|b>", "😀".repeat(5_000), "a\n\n\tb\u0000\u202e"]
  for (const text of texts) {
    for (const channel of Object.values(channels)) {
      const alert = sampleAlert({ summary: text, advice: text, subject: text, rule: "r" })
      const message = {
        id: newEventId({ at: new Date() }),
        event: "firing",
        at: new Date(),
        alert,
        url: `https://sluice.example/${"a".repeat(4_000)}`,
      } as const
      expect(await alerts.send({ channel, message }, new AbortController().signal), text.slice(0, 20)).toEqual({ ok: true })
    }
  }
  expect(services.received.map(({ fault }) => fault)).toEqual(services.received.map(() => null))
})
