import type { Endpoint } from "@sluice/core"
import { expect, test } from "vitest"
import { keyForCall } from "./key-for-call.ts"
import type { TenantKeys } from "./tenant-keys.ts"

const tenantKey = { tenantId: "acme", name: "a", revision: "1" }
const endpoint: Endpoint = { name: "a", provider: "openai", baseUrl: "http://a.example", model: "m", credential: "tenant", tenantKey }
const keysWith = (secret: string | null): TenantKeys => ({ of: async () => new Map(), secretOf: async () => secret })
const dependencies = (secret: string | null) => ({ resolveCredential: async () => "platform", tenantKeys: keysWith(secret) })

test.each(["rival", null])("the key of one tenant is not given to %s, whatever went wrong before", async (tenantId) => {
  await expect(keyForCall(dependencies("sk-acme"), { endpoint, tenantId })).rejects.toThrow(/about to be used for another/)
  expect(await keyForCall(dependencies("sk-acme"), { endpoint, tenantId: "acme" })).toBe("sk-acme")
})

test("a key that was removed meanwhile is as good as one that is rejected, never the platform's", async () => {
  const gone = keyForCall(dependencies(null), { endpoint: { ...endpoint, apiKey: "env:K" }, tenantId: "acme" })
  await expect(gone).rejects.toMatchObject({ type: "provider_auth" })
})

test("an endpoint that takes tenants' keys only is never called with the platform's", async () => {
  const { tenantKey: _none, ...open } = endpoint
  await expect(keyForCall(dependencies("sk"), { endpoint: { ...open, apiKey: "env:K" }, tenantId: "acme" })).rejects.toMatchObject({
    type: "provider_auth",
  })
})
