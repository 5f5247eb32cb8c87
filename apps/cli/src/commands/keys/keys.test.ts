import { expect, test } from "vitest"
import { now, runFake } from "../../testing/run-fake.ts"

const key = {
  id: "key_1",
  object: "api_key",
  tenantId: "acme",
  name: "orders",
  status: "active",
  scopes: ["jobs:*"],
  hint: "sk_ab12",
  createdAt: new Date(now).toISOString(),
  createdBy: "admin",
  expiresAt: null,
  previousSecretExpiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  revokedBy: null,
}

test("create prints the key alone, and says once whose it is", async () => {
  const api = { "POST /v1/api-keys": { body: { ...key, key: "sk_secret" } } }
  const args = ["--tenant", "acme", "keys", "create", "orders", "--scopes", "jobs:*,webhooks:read", "--expires-in", "1d"]
  const { code, out, notes, calls } = await runFake({ args, api })
  expect({ code, out }).toEqual({ code: 0, out: "sk_secret" })
  expect(notes).toContain("key_1 of the tenant acme")
  expect(calls[0]?.body).toEqual({
    name: "orders",
    scopes: ["jobs:*", "webhooks:read"],
    expiresAt: new Date(now + 86_400_000).toISOString(),
  })
  expect(calls[0]?.headers.get("x-sluice-tenant")).toBe("acme")
})

test("list, rotate and revoke", async () => {
  const list = await runFake({ args: ["keys", "list"], api: { "GET /v1/api-keys": { body: { data: [key], nextCursor: null } } } })
  expect(list.out).toMatch(/key_1\s+orders\s+active\s+jobs:\*/)
  const rotate = await runFake({
    args: ["keys", "rotate", "key_1", "--now"],
    api: { "POST /v1/api-keys/key_1/rotate": { body: { ...key, key: "sk_new" } } },
  })
  expect(rotate).toMatchObject({ code: 0, out: "sk_new", calls: [{ body: { overlapMs: 0 } }] })
  const revoke = await runFake({
    args: ["keys", "revoke", "key_1"],
    api: { "POST /v1/api-keys/key_1/revoke": { body: { ...key, status: "revoked" } } },
  })
  expect(revoke).toMatchObject({ code: 0, out: "key_1 (orders) is revoked" })
})

test("a key without scopes cannot be meant", async () => {
  expect((await runFake({ args: ["keys", "create", "orders"] })).code).toBe(2)
  expect((await runFake({ args: ["keys", "create", "orders", "--scopes", ","] })).code).toBe(2)
})
