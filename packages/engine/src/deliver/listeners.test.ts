import type { Ending, JobWebhook, RunningJob, WebhookEndpoint } from "@sluice/core"
import {
  createMemoryDeliveryStore,
  createMemoryWebhookEndpointStore,
  sampleFailure,
  sampleSuccess,
  sampleWebhookEndpoint,
} from "@sluice/core/testing"
import { expect, test, vi } from "vitest"
import { createListeners } from "./listeners.ts"
import { createWebhookEndpoints } from "./webhook-endpoints.ts"

const t0 = new Date("2026-01-01T00:00:05.000Z")
const after = (ms: number) => new Date(t0.getTime() + ms)
const running = (overrides: Partial<Pick<RunningJob, "tenantId" | "webhook">> = {}, claimedAt = t0) => {
  return { tenantId: "default", webhook: null, claim: { token: "t", workerId: "w", at: claimedAt }, ...overrides }
}
const own = (events: JobWebhook["events"]): JobWebhook => ({ url: "https://own.example/hooks", events, secret: null })

async function mayHear({ of, ending = sampleSuccess(), webhook = null }: Asked) {
  const endpoints = createMemoryWebhookEndpointStore()
  for (const endpoint of of) await endpoints.insert(sampleWebhookEndpoint(endpoint))
  return await createListeners({ endpoints, clock: () => t0 }).mayHear({ job: running({ webhook }), ending })
}

interface Asked {
  readonly of: readonly Partial<WebhookEndpoint>[]
  readonly ending?: Ending
  readonly webhook?: JobWebhook | null
}

test.each<[string, boolean, Asked]>([
  ["nobody", false, { of: [] }],
  ["an endpoint that takes everything", true, { of: [{}] }],
  ["an endpoint for other ends", false, { of: [{ events: ["job.failed"] }] }],
  ["an endpoint of another tenant", false, { of: [{ tenantId: "another" }] }],
  ["an endpoint that was switched off by hand", false, { of: [{ disabled: { reason: "manual", at: new Date() } }] }],
  ["an endpoint that fails, for its recovery", true, { of: [{ disabled: { reason: "failing", at: new Date() } }] }],
  ["the job's own webhook", true, { of: [], webhook: own(["job.succeeded"]) }],
  ["the job's own webhook for other ends", false, { of: [], webhook: own(["job.failed"]) }],
  ["an endpoint for dead letters, of a success", false, { of: [{ events: ["dead_letter.created"] }] }],
  ["an endpoint for dead letters, of a failure", true, { of: [{ events: ["dead_letter.created"] }], ending: sampleFailure() }],
])("%s: %s", async (_who, expected, asked) => {
  expect(await mayHear(asked)).toBe(expected)
})

test("what was asked for while the job ran serves its end, and a failure of that is asked again", async () => {
  const { listenersOf, ask, listeners } = counting()
  listenersOf.mockRejectedValueOnce(new Error("away"))
  listeners.prepare(running({ tenantId: "b" }))
  await vi.waitFor(() => expect(listenersOf).toHaveBeenCalledOnce())
  listeners.prepare(running({ tenantId: "a" }))
  await vi.waitFor(() => expect(listenersOf).toHaveBeenCalledTimes(2))
  expect(await ask("a")).toBe(false)
  expect(listenersOf).toHaveBeenCalledTimes(2)
  expect(await ask("b")).toBe(false)
  expect(listenersOf).toHaveBeenCalledTimes(3)
})

function counting() {
  const listenersOf = vi.fn(() => Promise.resolve([] as readonly WebhookEndpoint[]))
  let now = t0
  const listeners = createListeners({ endpoints: { listenersOf }, clock: () => now })
  const ask = (tenantId = "a", claimedAt = t0) => listeners.mayHear({ job: running({ tenantId }, claimedAt), ending: sampleSuccess() })
  const setTime = (ms: number) => {
    now = after(ms)
  }
  return { listenersOf, listeners, ask, setTime }
}

test("asks once for all that ask while it waits", async () => {
  const { listenersOf, ask } = counting()
  await Promise.all([ask("a"), ask("b"), ask("a")])
  expect(listenersOf.mock.calls).toEqual([[["a", "b"]]])
})

test("an answer serves for a moment, and no job that was claimed after it was asked for", async () => {
  const { listenersOf, ask, setTime } = counting()
  await ask()
  setTime(100)
  await ask()
  expect(listenersOf).toHaveBeenCalledTimes(1)
  await ask("a", after(1))
  expect(listenersOf).toHaveBeenCalledTimes(2)
  setTime(201)
  await ask()
  expect(listenersOf).toHaveBeenCalledTimes(3)
})

test("who has been told that an endpoint is there, or hears again, hears of every end from then on", async () => {
  const endpoints = createMemoryWebhookEndpointStore()
  let now = t0
  const clock = () => now
  const rest = (ms: number) => {
    now = new Date(now.getTime() + ms)
    return Promise.resolve()
  }
  const listeners = createListeners({ endpoints, clock })
  const registry = createWebhookEndpoints({ endpoints, deliveries: createMemoryDeliveryStore(), checkUrl: () => null, clock, rest })
  const ends = () => listeners.mayHear({ job: running(), ending: sampleSuccess() })
  expect(await ends()).toBe(false)
  const made = await registry.create({ tenantId: "default", format: "sluice", body: { url: "https://a.example", events: ["job.failed"] } })
  if (made.kind !== "created") throw new Error("It was not made.")
  expect(await ends()).toBe(false)
  await registry.update({ ...made.endpoint, body: { events: ["job.succeeded"] } })
  expect(await ends()).toBe(true)
  await registry.update({ ...made.endpoint, body: { enabled: false } })
  await rest(1_000)
  expect(await ends()).toBe(false)
  await registry.update({ ...made.endpoint, body: { enabled: true } })
  expect(await ends()).toBe(true)
})

test("a failed look fails those who asked, and not the next ones", async () => {
  const { listenersOf, ask } = counting()
  listenersOf.mockRejectedValueOnce(new Error("away"))
  await expect(ask()).rejects.toThrow("away")
  expect(await ask()).toBe(false)
})
