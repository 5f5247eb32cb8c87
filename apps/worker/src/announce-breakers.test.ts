import { expect, test, vi } from "vitest"
import { announceBreakers } from "./announce-breakers.ts"

test("what happens with a tenant's own key is told to that tenant, by the endpoint's name", () => {
  const raise = vi.fn(() => Promise.resolve())
  const announce = announceBreakers({ raise, clock: () => new Date(0), onError: () => undefined })
  announce({ kind: "breaker_changed", endpoint: "openai-eu@acme", from: "closed", to: "open", by: null, openMs: 15_000 })
  expect(raise).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ tenantId: "acme", data: expect.objectContaining({ name: "openai-eu" }) }),
  )
})

test("a breaker's change is an event about the endpoint; what else becomes known is none", async () => {
  const raise = vi.fn(() => Promise.reject(new Error("away")))
  const onError = vi.fn()
  const at = new Date("2026-01-01T00:00:00.000Z")
  const announce = announceBreakers({ raise, clock: () => at, onError })
  announce({ kind: "breaker_changed", endpoint: "openai-eu", from: "closed", to: "open", by: null, openMs: 15_000 })
  announce({ kind: "credential_enabled", credential: "env:KEY" })
  expect(raise).toHaveBeenCalledExactlyOnceWith({
    tenantId: null,
    type: "endpoint.breaker_open",
    at,
    about: ["openai-eu", "closed", "open", "2026-01-01T00:00:00.000Z"],
    data: { object: "endpoint", name: "openai-eu", breaker: { state: "open", previous: "closed", forcedBy: null, openMs: 15_000 } },
  })
  await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce())
})
