import { noOrigin, QueueUnavailableError, type SubmitRequest, type TenantSettings } from "@sluice/core"
import { createMemoryJobQueue, createMemoryJobStore, createMemoryTenantDirectory } from "@sluice/core/testing"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { catalogOf } from "../testing/harness.ts"
import { canonicalJson } from "./canonical-json.ts"
import { createSubmitJob, type SubmitJobRequest } from "./submit-job.ts"

const now = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(now.getTime() + ms)
const body: SubmitRequest = { route: "chat", input: { messages: [{ role: "user", content: "hi" }] } }

function setUp(
  options: { queueFails?: boolean; catalog?: Parameters<typeof catalogOf>[0]; tenants?: Record<string, TenantSettings> } = {},
) {
  const store = createMemoryJobStore()
  const queue = createMemoryJobQueue()
  const failures: string[] = []
  if (options.queueFails) queue.enqueue = () => Promise.reject(new QueueUnavailableError({ message: "down" }))
  const catalog = catalogOf(options.catalog)
  const submit = createSubmitJob({
    store,
    queue,
    catalog: () => catalog,
    tenants: createMemoryTenantDirectory(options.tenants),
    clock: () => now,
    checkBudget: () => Promise.resolve(null),
    checkWebhookUrl: () => null,
    onEnqueueFailed: ({ jobId }) => failures.push(jobId),
  })
  const send = (request: Partial<SubmitJobRequest> = {}) =>
    submit({ tenantId: "default", body, idempotencyKey: null, ...noOrigin, ...request })
  return { store, queue, failures, send }
}

async function accepted(outcome: ReturnType<ReturnType<typeof setUp>["send"]>) {
  const result = await outcome
  if (result.kind !== "accepted") throw new Error(`Not accepted: ${result.kind}`)
  return result.job
}

describe("submit", () => {
  test("stores the job, then puts its ids in the queue", async () => {
    const { store, queue, send } = setUp()
    const job = await accepted(send())
    expect(await store.find({ tenantId: "default", id: job.id })).toEqual(job)
    expect(job).toMatchObject({ status: "queued", run: 1, deadline: later(86_400_000), enqueueDueAt: later(5_000), requestHash: null })
    expect(queue.entries()).toEqual([{ id: job.id, run: 1, route: "chat", tenantId: "default", priority: "standard", notBefore: null }])
  })

  test("tells the queue what share of the workers the tenant has", async () => {
    const { queue, send } = setUp({ tenants: { acme: { weight: 3 } } })
    await accepted(send({ tenantId: "acme" }))
    expect(queue.entries()).toMatchObject([{ tenantId: "acme", weight: 3 }])
  })

  test("accepts when the queue is away: a sweep will find the job", async () => {
    const { store, failures, send } = setUp({ queueFails: true })
    const job = await accepted(send())
    expect(failures).toEqual([job.id])
    expect(await store.findDueToEnqueue({ at: later(5_000), limit: 10 })).toMatchObject([{ id: job.id }])
  })

  test("takes the route's defaults where the caller says nothing", async () => {
    const { send } = setUp({ catalog: { route: { fallback: "any", degradeAfterMs: 9 } } })
    expect(await accepted(send())).toMatchObject({ options: { fallback: "any", degradeAfterMs: 9 } })
    const own = { ...body, options: { fallback: "none", degradeAfterMs: 1 } } as const
    expect(await accepted(send({ body: own }))).toMatchObject({ options: { fallback: "none", degradeAfterMs: 1 } })
  })

  test("names the routes when it does not know one, also when it is called like a built-in", async () => {
    const { send } = setUp()
    expect(await send({ body: { ...body, route: "nope" } })).toEqual({ kind: "route_unknown", known: ["chat"] })
    expect(await send({ body: { ...body, route: "constructor" } })).toMatchObject({ kind: "route_unknown" })
  })

  test("refuses input of another kind and a schema that is none, and stores nothing", async () => {
    const { store, send } = setUp()
    expect(await send({ body: { ...body, input: { texts: ["x"] } } })).toMatchObject({ kind: "invalid_input" })
    const responseFormat = { type: "json_schema", name: "r", schema: { type: "strnig" } }
    const outcome = await send({ body: { ...body, input: { messages: [{ role: "user", content: "x" }], responseFormat } } })
    expect(outcome.kind === "invalid_input" && outcome.error.issues[0]?.path).toEqual(["responseFormat", "schema"])
    expect(await store.list({ filter: { tenantId: "default" }, before: null, limit: 10 })).toEqual([])
  })
})

describe("runAt", () => {
  const at = (ms: number): SubmitRequest => ({ ...body, options: { runAt: later(ms).toISOString() } })

  test("soon: waits in the queue", async () => {
    const { queue, send } = setUp()
    const job = await accepted(send({ body: at(30_000) }))
    expect(job).toMatchObject({ notBefore: later(30_000), waiting: { reason: "scheduled", until: later(30_000) } })
    expect(queue.entries()).toMatchObject([{ notBefore: later(30_000) }])
  })

  test("far off: waits in the store, to be enqueued a minute before", async () => {
    const { queue, send } = setUp()
    expect(await accepted(send({ body: at(3_600_000) }))).toMatchObject({ enqueueDueAt: later(3_540_000) })
    expect(queue.entries()).toEqual([])
  })

  test("in the past: now", async () => {
    const { send } = setUp()
    expect(await accepted(send({ body: at(-5_000) }))).toMatchObject({ notBefore: null, waiting: null })
  })

  test("after the expiry: refused in clear words", async () => {
    const { send } = setUp()
    expect(await send({ body: at(90_000_000) })).toMatchObject({ kind: "invalid_options", field: "runAt" })
  })
})

describe("idempotency keys", () => {
  test("the same key and body give the same job; another body is told", async () => {
    const { queue, send } = setUp()
    const job = await accepted(send({ idempotencyKey: "k" }))
    const reordered = { input: body.input, route: "chat" }
    expect(await send({ idempotencyKey: "k", body: reordered })).toMatchObject({ kind: "replayed", job: { id: job.id } })
    expect(await send({ idempotencyKey: "k", body: { ...body, metadata: { a: "1" } } })).toEqual({ kind: "key_reused", jobId: job.id })
    expect(await send({ idempotencyKey: "k", tenantId: "other" })).toMatchObject({ kind: "accepted" })
    expect(queue.entries()).toHaveLength(2)
  })

  test("live as long as the tenant's configuration says", async () => {
    const { send } = setUp({ tenants: { acme: { idempotencyTtlMs: 1_000 } } })
    expect(await accepted(send({ idempotencyKey: "k", tenantId: "acme" }))).toMatchObject({ idempotencyExpiresAt: later(1_000) })
    expect(await accepted(send({ idempotencyKey: "k" }))).toMatchObject({ idempotencyExpiresAt: later(86_400_000) })
  })
})

test("retention is the job's own, else its route's, else the tenant's, else left to the installation", async () => {
  const tenants = { acme: { retainMs: 3_000 } }
  const ofRoute = setUp({ tenants, catalog: { route: { retainMs: 2_000 } } })
  const ofTenant = setUp({ tenants })
  const own: SubmitRequest = { ...body, options: { retainMs: 1_000 } }
  const retainMs = async (job: ReturnType<typeof ofRoute.send>) => (await accepted(job)).options.retainMs
  expect(await retainMs(ofRoute.send({ tenantId: "acme", body: own }))).toBe(1_000)
  expect(await retainMs(ofRoute.send({ tenantId: "acme" }))).toBe(2_000)
  expect(await retainMs(ofTenant.send({ tenantId: "acme" }))).toBe(3_000)
  expect(await retainMs(ofTenant.send())).toBeNull()
})

test("canonicalJson is the same for every order of keys, and tells values apart", () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled)
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, part]) => [key, shuffled(part)]),
    )
  }
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      expect(canonicalJson(shuffled(one))).toBe(canonicalJson(one))
      if (canonicalJson(one) === canonicalJson(other)) expect(JSON.parse(canonicalJson(one))).toEqual(JSON.parse(canonicalJson(other)))
    }),
  )
})
