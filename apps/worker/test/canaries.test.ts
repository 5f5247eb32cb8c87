import { randomUUID } from "node:crypto"
import { alertResource, inferenceHealth, pageOf } from "@sluice/core"
import { withDatabase } from "@sluice/devstack"
import { dropDatabase } from "@sluice/store/testing"
import { expect, inject, onTestFinished, test, vi } from "vitest"
import { startInstallation } from "./support/installation.ts"
import { startProvider } from "./support/simulated-provider.ts"

const patient = { timeout: 30_000, interval: 200 }

async function startWithCanary({ workers = 1 }: { readonly workers?: number } = {}) {
  const [primary, fallback] = await Promise.all([startProvider(), startProvider()])
  const name = `sluice-canaries-${randomUUID()}`
  onTestFinished(() => dropDatabase({ url: withDatabase(inject("mongodbUrl"), name) }))
  const price = { perCallUsd: 0.01 }
  const configuration = {
    endpoints: { eu: { ...primary.endpoint, price }, us: { ...fallback.endpoint, price } },
    routes: {
      chat: {
        canary: { messages: [{ role: "user", content: "Say ok" }], expect: { contains: "say ok" }, everyMs: 1_000 },
        tiers: [
          { name: "primary", endpoints: ["eu"] },
          { name: "fallback", endpoints: ["us"] },
        ],
      },
    },
    alerts: { channels: { log: { type: "stdout" } }, rules: [{ when: "canary_failing", clearMs: 0 }], everyMs: 1_000 },
  }
  const installation = await startInstallation(configuration, { name, workers })
  const status = async () => {
    const health = inferenceHealth.parse(await installation.get("/health/inference"))
    return [health.status, ...(health.routes.chat?.tiers.flatMap(({ endpoints }) => endpoints.map((endpoint) => endpoint.status)) ?? [])]
  }
  /** Of the endpoint's canary, the last one first. */
  const alerts = async (endpoint: string) => {
    const answer = pageOf(alertResource).parse(await installation.getAsOperator("/v1/alerts"))
    return answer.data.filter(({ labels }) => labels.endpoint === endpoint).map(({ state }) => state)
  }
  return { ...installation, primary, fallback, status, alerts }
}

test("the API says what a worker found: good answers, wrong ones, an outage, and the way back", async () => {
  const { status, alerts, primary, fallback } = await startWithCanary()
  await vi.waitFor(async () => expect(await status()).toEqual(["ok", "ok", "ok"]), patient)
  await primary.control({ answers: { text: "Something else" } })
  await vi.waitFor(async () => expect(await status()).toEqual(["degraded", "unexpected", "ok"]), patient)
  await vi.waitFor(async () => expect(await alerts("eu")).toEqual(["firing"]), patient)
  const outage = { outage: { mode: "unavailable", durationMs: null } }
  await Promise.all([primary.control({ answers: { text: null } }), fallback.control(outage)])
  await vi.waitFor(async () => expect((await status()).slice(0, 2)).toEqual(["ok", "ok"]), patient)
  await vi.waitFor(async () => expect(await alerts("eu")).toEqual(["resolved"]), patient)
  await primary.control(outage)
  // The breakers of both open: then nobody is called but by probes, and the canaries say so.
  await vi.waitFor(async () => expect((await status())[0]).toBe("down"), patient)
  await Promise.all([primary.control({ outage: null }), fallback.control({ outage: null })])
  await vi.waitFor(async () => expect(await status()).toEqual(["ok", "ok", "ok"]), patient)
})

test("two workers ask once in a period, and the installation pays", async () => {
  const { status, primary, fallback, getAsOperator } = await startWithCanary({ workers: 2 })
  await vi.waitFor(async () => expect(await status()).toEqual(["ok", "ok", "ok"]), patient)
  const counted = primary.simulator.counters().received
  const startedAt = Date.now()
  await vi.waitFor(() => expect(primary.simulator.counters().received - counted).toBeGreaterThanOrEqual(3), patient)
  const periods = (Date.now() - startedAt) / 1_000
  expect(primary.simulator.counters().received - counted).toBeLessThanOrEqual(Math.ceil(periods) + 1)
  expect(fallback.simulator.counters().received).toBeGreaterThan(0)
  await vi.waitFor(async () => {
    const usage = await getAsOperator("/v1/usage?groupBy=tenant,endpoint")
    expect(usage).toMatchObject({
      data: [
        { group: { tenant: "*platform", endpoint: "eu" }, costUsd: expect.any(Number) },
        { group: { tenant: "*platform", endpoint: "us" }, costUsd: expect.any(Number) },
      ],
    })
  }, patient)
})
