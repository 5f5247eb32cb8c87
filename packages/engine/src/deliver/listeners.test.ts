import type { endJob, JobWebhook, WebhookEndpoint } from "@sluice/core"
import { createMemoryWebhookEndpointStore, sampleFailure, sampleJob, sampleSuccess, sampleWebhookEndpoint } from "@sluice/core/testing"
import { expect, test, vi } from "vitest"
import { createListeners } from "./listeners.ts"

const own = (events: JobWebhook["events"]): JobWebhook => ({ url: "https://own.example/hooks", events, secret: null })

async function mayHear({ of, ending = sampleSuccess(), webhook = null }: Asked) {
  const endpoints = createMemoryWebhookEndpointStore()
  for (const endpoint of of) await endpoints.insert(sampleWebhookEndpoint(endpoint))
  return await createListeners({ endpoints }).mayHear({ job: sampleJob({ webhook }), ending })
}

interface Asked {
  readonly of: readonly Partial<WebhookEndpoint>[]
  readonly ending?: Parameters<typeof endJob>[1]
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

test("asks once for all that ask while it waits, and anew for those that come later", async () => {
  const listenersOf = vi.fn(() => Promise.resolve([] as readonly WebhookEndpoint[]))
  const listeners = createListeners({ endpoints: { listenersOf } })
  const ask = (tenantId: string) => listeners.mayHear({ job: sampleJob({ tenantId }), ending: sampleSuccess() })
  await Promise.all([ask("a"), ask("b"), ask("a")])
  expect(listenersOf.mock.calls).toEqual([[["a", "b"]]])
  await ask("a")
  expect(listenersOf).toHaveBeenCalledTimes(2)
})

test("a failed look fails those who asked, and not the next ones", async () => {
  const listenersOf = vi.fn(() => Promise.resolve([] as readonly WebhookEndpoint[])).mockRejectedValueOnce(new Error("away"))
  const listeners = createListeners({ endpoints: { listenersOf } })
  const ask = () => listeners.mayHear({ job: sampleJob(), ending: sampleSuccess() })
  await expect(ask()).rejects.toThrow("away")
  expect(await ask()).toBe(false)
})
