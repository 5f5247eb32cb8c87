import { createMemoryProviderCredentialStore } from "@sluice/core/testing"
import { createProviderCredentials } from "@sluice/engine"
import { describe, expect, test } from "vitest"
import { type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

const secret = "sk-proj-9aT0Zr5VnE8bqWm2Ls4x3kQe"

const put = (api: MemoryApi, name: string, body: object = { secret }, headers: Record<string, string> = {}) =>
  api.call({
    method: "PUT",
    path: `/v1/provider-credentials/${name}`,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  })
const list = (api: MemoryApi, headers: Record<string, string> = {}) => api.call({ path: "/v1/provider-credentials", headers })
const remove = (api: MemoryApi, name: string) => api.call({ method: "DELETE", path: `/v1/provider-credentials/${name}` })

describe("/v1/provider-credentials", () => {
  test("stores a key, shows how it ends and nothing more, and removes it", async () => {
    const api = await startMemoryApi()
    const stored = await put(api, "tenant-eu")
    const shown = { name: "tenant-eu", object: "provider_credential", for: "endpoint", hint: "3kQe", lastUsedAt: null }
    expect(stored).toMatchObject({ status: 200, json: shown })
    await put(api, "openai")
    const listed = await list(api)
    expect(listed.json).toMatchObject({ data: [{ name: "openai", for: "provider" }, shown], nextCursor: null })
    expect((await remove(api, "tenant-eu")).status).toBe(204)
    expect(await remove(api, "tenant-eu")).toMatchObject({ status: 404, json: { code: "not_found" } })
    expect((await list(api)).json).toMatchObject({ data: [{ name: "openai" }] })
    expect(JSON.stringify([stored, listed, api.logs])).not.toContain(secret)
  })

  test("is the tenant's own", async () => {
    const api = await startMemoryApi()
    await put(api, "openai", { secret }, { "x-sluice-tenant": "acme" })
    expect((await list(api)).json).toMatchObject({ data: [] })
    expect((await list(api, { "x-sluice-tenant": "acme" })).json).toMatchObject({ data: [{ hint: "3kQe" }] })
  })

  test("is audited, without the key", async () => {
    const api = await startMemoryApi()
    await put(api, "openai")
    await remove(api, "openai")
    const entries = await api.audit.list({ filter: {}, before: null, limit: 9 })
    expect(entries.map(({ action, target }) => [action, target])).toEqual([
      ["provider_credential.delete", "openai"],
      ["provider_credential.put", "openai"],
    ])
    expect(JSON.stringify(entries)).not.toContain(secret)
  })

  test.each([
    ["a reference", "env:OPENAI_API_KEY", /reference/],
    ["a header", "Bearer sk-123456789", /without `Bearer `/],
    ["more than a key", "sk-1234 56789", /spaces or line breaks/],
    ["a line break", "sk-123456789\n", /spaces or line breaks/],
    ["another alphabet", "sk-ключ-123456", /printable ASCII/],
    ["a piece", "sk-12", /shorter than 8/],
    ["what stands for a key", "<your key here>".replaceAll(" ", "-"), /is none/],
    ["a masked key", "sk-proj-***", /is none/],
  ])("refuses %s, says why, and repeats nothing of it", async (_what, given, message) => {
    const api = await startMemoryApi()
    const answer = await put(api, "openai", { secret: given })
    expect(answer).toMatchObject({ status: 400, json: { code: "validation_failed", errors: [{ pointer: "#/secret" }] } })
    expect(JSON.stringify(answer.json)).toMatch(message)
    for (const text of [JSON.stringify(answer.json), JSON.stringify(api.logs)]) expect(text).not.toContain(given.trim().slice(-8))
  })

  test("is refused where nothing takes it, with the names that do", async () => {
    const api = await startMemoryApi()
    for (const name of ["platform-eu", "anthropic", "unknown"]) {
      expect(await put(api, name)).toMatchObject({ status: 404, json: { detail: expect.stringContaining("These do: tenant-eu, openai.") } })
    }
  })

  test("is refused where it could not be encrypted, with what to configure", async () => {
    const endpoints = new Map([
      ["a", { name: "a", provider: "openai", baseUrl: "http://a.example", model: "m", credential: "tenant" } as const],
    ])
    const providerCredentials = createProviderCredentials({
      store: createMemoryProviderCredentialStore({ encrypts: false }),
      catalog: () => ({ endpoints }),
      clock: () => new Date(),
      newRevision: () => "r",
    })
    const api = await startMemoryApi({ app: { providerCredentials } })
    expect(await put(api, "a")).toMatchObject({
      status: 409,
      json: { code: "conflict", detail: expect.stringContaining("SLUICE_ENCRYPTION_KEYS") },
    })
  })
})
