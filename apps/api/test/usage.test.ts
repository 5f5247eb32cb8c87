import { endpointStatsResource, type SloResource, sloResource, statsResource, usageResource } from "@sluice/core"
import { sampleAttempt } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { fail, succeed } from "./support/finish-job.ts"
import { chatJob, startMemoryApi } from "./support/memory-api.ts"

/** Calls of the samples were made in the first days of 2026, their jobs ended today. */
const days = "from=2026-01-01"

async function startUsedApi() {
  const api = await startMemoryApi()
  const submit = async (tenant: string) => (await api.submit(chatJob, { headers: { "x-sluice-tenant": tenant } })).json.id
  await succeed(api.jobs, { id: await submit("default") })
  await succeed(api.jobs, { id: await submit("acme") })
  await fail(api.jobs, { id: await submit("acme") })
  await api.accountUsage()
  const get = (query: string, headers = {}) => api.call({ path: `/v1/usage${query}`, headers })
  return { ...api, get }
}

describe("GET /v1/usage", () => {
  test("adds up what was asked for: of all tenants for operators, of one when they act for it", async () => {
    const { get } = await startUsedApi()
    const all = await get(`?${days}&groupBy=tenant,status`)
    expect(all).toMatchObject({ status: 200, json: { object: "usage", from: "2026-01-01", groupBy: ["tenant", "status"] } })
    expect(usageResource.parse(all.json).data).toMatchObject([
      { group: { tenant: "acme", status: "failed" }, jobs: 1 },
      { group: { tenant: "acme", status: "succeeded" }, jobs: 1, calls: 1, inputTokens: 3, outputTokens: 1, unpricedCalls: 1, costUsd: 0 },
      { group: { tenant: "default", status: "succeeded" }, jobs: 1 },
    ])
    expect(all.json.total).toMatchObject({ jobs: 3, calls: 2 })
    expect((await get(`?${days}`, { "x-sluice-tenant": "acme" })).json.total).toMatchObject({ jobs: 2 })
    expect((await get(`?${days}&tenant=default`)).json).toMatchObject({ data: [{ group: {}, jobs: 1 }], total: { jobs: 1 } })
    expect((await get("?from=2025-01-01&to=2025-12-31")).json).toMatchObject({ data: [], total: { jobs: 0, costUsd: 0 } })
  })

  test("answers in CSV, by Accept or by name", async () => {
    const { get } = await startUsedApi()
    const text = await get(`?${days}&groupBy=route`, { accept: "text/csv" })
    expect(text.headers["content-type"]).toBe("text/csv; charset=utf-8")
    expect(text.text).toBe(
      "route,jobs,degradedJobs,cachedJobs,calls,unpricedCalls,inputTokens,cachedInputTokens,outputTokens,images,costUsd\r\nchat,3,0,0,2,2,6,0,2,0,0\r\n",
    )
    expect((await get(`?${days}&format=csv`)).text).toMatch(/^jobs,/)
    expect((await get(`?${days}&format=json`, { accept: "text/csv" })).json.object).toBe("usage")
  })

  test.each([
    ["groupBy=colour", "query:groupBy"],
    ["from=yesterday", "query:from"],
    ["from=2026-02-01&to=2026-01-01", "query:from"],
    ["format=xml", "query:format"],
  ])("refuses ?%s", async (query, pointer) => {
    const { get } = await startUsedApi()
    expect(await get(`?${query}`)).toMatchObject({ status: 400, json: { code: "validation_failed", errors: [{ pointer }] } })
  })
})

test("GET /v1/stats tells how jobs fared, step by step", async () => {
  const api = await startUsedApi()
  const { status, json } = await api.call({ path: "/v1/stats?window=15m" })
  expect(status).toBe(200)
  const stats = statsResource.parse(json)
  expect(stats.data).toHaveLength(15)
  expect(stats.stepMs).toBe(60_000)
  expect(await api.call({ path: "/v1/stats?window=2h" })).toMatchObject({ status: 400, json: { errors: [{ pointer: "query:window" }] } })
})

test("GET /v1/stats/endpoints tells how calls fared, endpoint by endpoint", async () => {
  const api = await startMemoryApi()
  const submit = async () => (await api.submit(chatJob)).json.id
  const called = { endpoint: "openai-eu", startedAt: new Date(), durationMs: 1_000 }
  await succeed(api.jobs, { id: await submit(), attempts: [sampleAttempt(called)] })
  const failed = sampleAttempt({ ...called, outcome: "failed", errorType: "overloaded" })
  await fail(api.jobs, {
    id: await submit(),
    attempts: [failed, failed, sampleAttempt({ ...called, endpoint: "azure-us", outcome: "cancelled" })],
  })
  await api.accountUsage()
  const { status, json } = await api.call({ path: "/v1/stats/endpoints?window=15m" })
  expect(status).toBe(200)
  const { data, stepMs, from } = endpointStatsResource.parse(json)
  expect(data).toMatchObject([
    { endpoint: "azure-us", calls: 1, failed: 0, cancelled: 1, successShare: null, errors: {}, latencyMs: { p50: null, p99: null } },
    { endpoint: "openai-eu", calls: 3, failed: 2, successShare: 1 / 3, errors: { overloaded: 2 } },
  ])
  const [, openai] = data
  expect(Math.abs((openai?.latencyMs.p95 ?? 0) - 1_000)).toBeLessThan(26)
  expect(openai?.steps).toHaveLength(15)
  expect(openai?.steps[0]?.at).toBe(from)
  expect(openai?.steps.reduce((sum, step) => sum + step.calls, 0)).toBe(3)
  expect(stepMs).toBe(60_000)
  // The books of days are not touched by it, nor how jobs fared.
  expect((await api.call({ path: "/v1/stats" })).json.total).toMatchObject({ succeeded: 1, failed: 1 })
  expect((await api.call({ path: "/v1/usage" })).json.total).toMatchObject({ calls: 4, jobs: 2 })
})

describe("GET /v1/slo", () => {
  const availabilityOf = (slo: SloResource, route: string | null) =>
    slo.data.find((each) => each.route === route)?.objectives.find(({ name }) => name === "availability")

  test("judges all tenants for operators, one when they act for it, and a tenant itself", async () => {
    const api = await startUsedApi()
    const get = async (query: string, headers = {}) => sloResource.parse((await api.call({ path: `/v1/slo${query}`, headers })).json)
    const all = await get("?window=1h")
    expect(all.data.map(({ route }) => route)).toEqual([null, "any", "chat", "draw", "embed"])
    // The one that failed was refused for its input, which is the caller's own fault.
    expect(availabilityOf(all, "chat")).toMatchObject({ target: 0.99, events: 2, bad: 0, met: true, budgetLeft: 1 })
    expect(all.data[0]).toMatchObject({ jobs: { succeeded: 2, failed: 1 }, tiers: { primary: 2 }, errors: { invalid_input: 1 } })
    expect((await get("?window=1h", { "x-sluice-tenant": "acme" })).data[0]).toMatchObject({ jobs: { succeeded: 1, failed: 1 } })
    expect((await get("?window=1h&tenant=default&route=chat")).data).toMatchObject([{ route: "chat", jobs: { succeeded: 1, failed: 0 } }])
    const { text } = await api.access.makeKey({ tenantId: "acme", scopes: ["usage:read"] })
    expect((await get("?window=7d", { authorization: `Bearer ${text}` })).data[0]).toMatchObject({ jobs: { succeeded: 1, failed: 1 } })
  })

  test.each([
    ["?window=2h", "query:window"],
    ["?window=30d&tenant=acme", "query:window"],
    ["?route=No", "query:route"],
  ])("refuses %s", async (query, pointer) => {
    const api = await startUsedApi()
    expect(await api.call({ path: `/v1/slo${query}` })).toMatchObject({ status: 400, json: { errors: [{ pointer }] } })
  })

  test("is nobody else's business", async () => {
    const api = await startUsedApi()
    const { text } = await api.access.makeKey({ tenantId: "acme", scopes: ["usage:read"] })
    const headers = { authorization: `Bearer ${text}` }
    expect(await api.call({ path: "/v1/slo?tenant=default", headers })).toMatchObject({ status: 403, json: { code: "scope_missing" } })
  })
})

test("402 says until when, where the budget does not cover a job", async () => {
  const submitJob = () => Promise.resolve({ kind: "budget_exhausted" as const, message: "Used up.", retryAfterMs: 60_001 })
  const answer = await (await startMemoryApi({ app: { submitJob } })).submit(chatJob)
  expect(answer).toMatchObject({ status: 402, json: { code: "budget_exhausted", detail: "Used up.", retryable: true } })
  expect(answer.headers["retry-after"]).toBe("61")
})
