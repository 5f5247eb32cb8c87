import { expect, test } from "vitest"
import { runFake } from "../../testing/run-fake.ts"

const tenant = {
  id: "acme",
  object: "tenant",
  name: "Acme",
  settings: { requestsPerMinute: 600, maxQueuedJobs: null, weight: 2, budgetUsdPerDay: null, idempotencyTtlMs: null, retainMs: null },
  setByConfiguration: ["weight"],
  disabled: null,
  createdAt: null,
  updatedAt: null,
}

test("create and set send settings as numbers, and null for none", async () => {
  const api = { "POST /v1/tenants": { body: tenant }, "PATCH /v1/tenants/acme": { body: tenant } }
  const create = await runFake({ args: ["tenants", "create", "acme", "--name", "Acme", "--set", "requestsPerMinute=600"], api })
  expect(create).toMatchObject({ code: 0, calls: [{ body: { id: "acme", name: "Acme", settings: { requestsPerMinute: 600 } } }] })
  expect(create.out).toBe("acme is enabled; requestsPerMinute=600, weight=2 (sluice.yaml)")
  const set = await runFake({ args: ["tenants", "set", "acme", "weight=3", "maxQueuedJobs="], api })
  expect(set.calls[0]?.body).toEqual({ settings: { weight: 3, maxQueuedJobs: null } })
  expect((await runFake({ args: ["tenants", "set", "acme", "weight"], api })).code).toBe(2)
})

test("list, disable and enable", async () => {
  const list = await runFake({ args: ["tenants", "list"], api: { "GET /v1/tenants": { body: { data: [tenant], nextCursor: null } } } })
  expect(list.out).toMatch(/acme\s+Acme\s+enabled\s+requestsPerMinute=600/)
  const disabled = { ...tenant, disabled: { at: "2026-11-21T12:00:00.000Z", by: "admin" } }
  const off = await runFake({ args: ["tenants", "disable", "acme"], api: { "POST /v1/tenants/acme/disable": { body: disabled } } })
  expect(off.out).toContain("acme is disabled")
  expect((await runFake({ args: ["tenants", "enable", "acme"], api: { "POST /v1/tenants/acme/enable": { body: tenant } } })).out).toContain(
    "acme is enabled",
  )
})
