import { configuration, drillResource, type Endpoint, endpointResource, operationsEvent, routeResource } from "@sluice/core"
import { createMemoryJobQueue, createMemoryJobStore, createMemoryTenantDirectory } from "@sluice/core/testing"
import { createDrill, createOperationsFeed, createOperator, createSubmitJob } from "@sluice/engine"
import { createAdmission, createJobSignals, createQueueInspector } from "@sluice/redis"
import { expect, onTestFinished, test, vi } from "vitest"
import { readEventsOf } from "./support/event-reader.ts"
import { adminKey, type MemoryApi, startMemoryApi } from "./support/memory-api.ts"
import { openRedis } from "./support/open-redis.ts"

const parsed = configuration.parse({
  endpoints: {
    eu: { provider: "openai", baseUrl: "http://127.0.0.1:1/v1", model: "m", region: "eu", limits: { requestsPerMinute: 600 } },
    us: { provider: "openai", baseUrl: "http://127.0.0.1:1/v1", model: "m" },
  },
  routes: {
    chat: {
      canary: { messages: [{ role: "user", content: "Say ok" }] },
      tiers: [
        { name: "primary", endpoints: ["eu", "us"] },
        { name: "static", output: { text: "Later." } },
      ],
    },
    silent: { tiers: [{ name: "primary", endpoints: ["us"] }] },
  },
})
const named = Object.entries(parsed.endpoints).map(([name, value]): [string, Endpoint] => [name, { ...value, name }])
const catalog = () => ({ version: 1, routes: parsed.routes, endpoints: new Map(named) })

async function startOperatedApi(): Promise<MemoryApi & { readonly submitted: ReturnType<typeof createMemoryJobStore> }> {
  const redis = await openRedis()
  const jobs = createMemoryJobStore()
  const submitJob = createSubmitJob({
    tenants: createMemoryTenantDirectory(),
    store: jobs,
    queue: createMemoryJobQueue(),
    catalog,
    clock: () => new Date(),
    checkBudget: () => Promise.resolve(null),
    checkWebhookUrl: () => null,
    onEnqueueFailed: () => {},
  })
  const operator = createOperator({ admission: createAdmission({ redis }), catalog })
  const queues = createQueueInspector({ redis })
  const signals = createJobSignals({ redis })
  const routeNames = () => Object.keys(parsed.routes)
  const operationsFeed = createOperationsFeed({ operator, queues, routeNames, signals, clock: () => new Date(), everyMs: 50 })
  onTestFinished(() => operationsFeed.close())
  const api = await startMemoryApi({ app: { operator, operationsFeed, drill: createDrill({ submitJob, catalog }), jobs } })
  return { ...api, submitted: jobs }
}

const json = { "content-type": "application/json" }

test("the endpoints are shown with what admission knows of them", async () => {
  const api = await startOperatedApi()
  const { status, json: page } = await api.call({ path: "/v1/endpoints" })
  expect(status).toBe(200)
  const [eu, us] = page.data.map((each: unknown) => endpointResource.parse(each))
  expect(eu).toMatchObject({ name: "eu", region: "eu", breaker: { state: "closed", forced: null }, requestsPerMinute: null, inFlight: 0 })
  expect(us.name).toBe("us")
})

test("an operator forces a breaker, and gives it back to itself", async () => {
  const api = await startOperatedApi()
  const force = (state: string) =>
    api.call({ method: "POST", path: "/v1/endpoints/eu/breaker", headers: json, body: JSON.stringify({ state }) })
  const opened = await force("open")
  expect(opened.status).toBe(200)
  expect(opened.json).toMatchObject({ name: "eu", breaker: { state: "open", forced: "open" } })
  expect(opened.json.breaker.history[0]).toMatchObject({ state: "open", by: "admin" })
  expect((await force("closed")).json.breaker).toMatchObject({ state: "closed", forced: "closed" })
  expect((await force("auto")).json.breaker).toMatchObject({ state: "closed", forced: null })

  const wrong = await force("ajar")
  expect(wrong.status).toBe(400)
  expect(wrong.json.errors[0].pointer).toBe("#/state")
})

test("whoever follows what happens is told of a breaker and of a paused route by the next look", async () => {
  const api = await startOperatedApi()
  const reader = await readEventsOf(`${api.url}/v1/events`, { authorization: `Bearer ${adminKey}` }, (data) => operationsEvent.parse(data))
  const last = () => reader.events.at(-1)?.event
  await vi.waitFor(() => expect(last()).toMatchObject({ endpoints: [{ name: "eu", breaker: "closed" }, { name: "us" }] }))
  await api.call({ method: "POST", path: "/v1/endpoints/eu/breaker", headers: json, body: JSON.stringify({ state: "open" }) })
  await api.call({ method: "POST", path: "/v1/routes/silent/pause" })
  await vi.waitFor(() =>
    expect(last()).toMatchObject({
      endpoints: [{ breaker: "open", forced: "open", changedAt: expect.any(String) }, { breaker: "closed" }],
      routes: [{ isPaused: false }, { name: "silent", isPaused: true }],
      queues: [{ name: "chat", inLine: 0 }, {}],
    }),
  )
  const { text } = await api.access.makeKey({ scopes: ["jobs:read"] })
  expect(await api.call({ path: "/v1/events", headers: { authorization: `Bearer ${text}` } })).toMatchObject({ status: 403 })
})

test("a route is paused and resumed", async () => {
  const api = await startOperatedApi()
  const paused = await api.call({ method: "POST", path: "/v1/routes/chat/pause" })
  expect(paused.status).toBe(200)
  expect(routeResource.parse(paused.json)).toMatchObject({ name: "chat", paused: { by: "admin" } })
  const listed = await api.call({ path: "/v1/routes" })
  expect(listed.json.data.map(({ name, paused }: { name: string; paused: unknown }) => [name, paused !== null])).toEqual([
    ["chat", true],
    ["silent", false],
  ])
  expect((await api.call({ method: "POST", path: "/v1/routes/chat/resume" })).json.paused).toBeNull()
})

test("a drill submits a job for each tier, which that tier alone may answer", async () => {
  const api = await startOperatedApi()
  const { status, json: answer } = await api.call({ method: "POST", path: "/v1/routes/chat/drill", headers: json, body: "{}" })
  expect(status).toBe(202)
  const { jobs } = drillResource.parse(answer)
  expect(jobs.map(({ tier }) => tier)).toEqual(["primary", "static"])
  for (const { tier, jobId } of jobs) {
    const job = await api.submitted.find({ tenantId: "default", id: jobId })
    expect(job).toMatchObject({ options: { onlyTier: tier, cache: "refresh", fallback: "any" }, metadata: { drill: tier } })
  }
})

test("a drill needs something to ask", async () => {
  const api = await startOperatedApi()
  const drill = (body: unknown) => api.call({ method: "POST", path: "/v1/routes/silent/drill", headers: json, body: JSON.stringify(body) })
  const without = await drill({})
  expect(without.status).toBe(400)
  expect(without.json.errors).toEqual([
    {
      pointer: "#/input",
      code: "required",
      detail: "The route silent has no canary. Give an input, or set a canary in the configuration.",
    },
  ])
  expect((await drill({ input: { messages: [] } })).json.errors[0].pointer).toBe("#/input/messages")
  expect((await drill({ input: { messages: [{ role: "user", content: "ok?" }] } })).status).toBe(202)
})

test.each(["/v1/routes/none/pause", "/v1/routes/none/drill", "/v1/endpoints/none/breaker"])(
  "POST %s: what is not in the configuration is not found",
  async (path) => {
    const api = await startOperatedApi()
    const body = path.endsWith("breaker") ? { state: "open" } : {}
    expect((await api.call({ method: "POST", path, headers: json, body: JSON.stringify(body) })).status).toBe(404)
  },
)

test("without Redis it is said so, and when to come back", async () => {
  const api = await startMemoryApi()
  const answer = await api.call({ path: "/v1/endpoints" })
  expect(answer.status).toBe(503)
  expect(answer.headers["retry-after"]).toBe("2")
  expect(answer.json.code).toBe("storage_unavailable")
})

test("without a key nothing is shown or done", async () => {
  const api = await startOperatedApi()
  for (const path of ["/v1/routes/chat/pause", "/v1/endpoints/eu/breaker"]) {
    expect((await api.call({ method: "POST", path, headers: { authorization: "Bearer sk_wrong" } })).status).toBe(401)
  }
  expect((await api.call({ path: "/v1/routes" })).json.data[0].paused).toBeNull()
})
