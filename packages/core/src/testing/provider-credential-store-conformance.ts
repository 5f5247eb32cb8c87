import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { NewProviderCredential, ProviderCredentialStore } from "../ports/provider-credential-store.ts"

/** What every `ProviderCredentialStore` that can encrypt promises. */
export function providerCredentialStoreConformance(
  name: string,
  open: () => Promise<{ store: ProviderCredentialStore; close: () => Promise<void> }>,
): void {
  describe(`${name} as a ProviderCredentialStore`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    const at = new Date("2026-11-01T00:00:00.000Z")
    const later = new Date("2026-11-02T00:00:00.000Z")
    const sample = (overrides: Partial<NewProviderCredential>): NewProviderCredential => {
      return { tenantId: "acme", name: "openai", revision: "r1", hint: "abcd", secret: "sk-abcd", at, ...overrides }
    }

    test("keeps a key, shows it to nobody who lists, and gives it to who calls", async () => {
      const tenantId = "keeps"
      const shown = { tenantId, name: "openai", revision: "r1", hint: "abcd", createdAt: at, updatedAt: at, lastUsedAt: null }
      expect(await opened.store.put(sample({ tenantId }))).toEqual({ kind: "stored", credential: shown })
      expect(await opened.store.list({ tenantId })).toEqual([shown])
      expect(await opened.store.secretsOf({ tenantId })).toEqual([{ ...shown, secret: "sk-abcd" }])
    })

    test("replaces a key, and keeps since when there is one", async () => {
      const tenantId = "replaces"
      await opened.store.put(sample({ tenantId }))
      await opened.store.put(sample({ tenantId, revision: "r2", hint: "wxyz", secret: "sk-wxyz", at: later }))
      expect(await opened.store.secretsOf({ tenantId })).toMatchObject([
        { revision: "r2", hint: "wxyz", secret: "sk-wxyz", createdAt: at, updatedAt: later },
      ])
    })

    test("lists by name, and notes the last use", async () => {
      const tenantId = "lists"
      for (const each of ["openai", "anthropic"]) await opened.store.put(sample({ tenantId, name: each }))
      await opened.store.noteUse({ tenantId, name: "openai", at: later })
      await opened.store.noteUse({ tenantId, name: "unknown", at: later })
      expect(await opened.store.list({ tenantId })).toMatchObject([
        { name: "anthropic", lastUsedAt: null },
        { name: "openai", lastUsedAt: later },
      ])
    })

    test("removes once, and nothing of another tenant, also where names run into each other", async () => {
      const refs = [
        { tenantId: "a", name: "b-c" },
        { tenantId: "a-b", name: "c" },
        { tenantId: "a", name: "b" },
      ]
      for (const [index, ref] of refs.entries()) await opened.store.put(sample({ ...ref, secret: `sk-secret-${index}` }))
      expect(await opened.store.remove({ tenantId: "a", name: "b-c" })).toBe(true)
      expect(await opened.store.remove({ tenantId: "a", name: "b-c" })).toBe(false)
      expect(await opened.store.secretsOf({ tenantId: "a" })).toMatchObject([{ name: "b", secret: "sk-secret-2" }])
      expect(await opened.store.secretsOf({ tenantId: "a-b" })).toMatchObject([{ name: "c", secret: "sk-secret-1" }])
      expect(await opened.store.secretsOf({ tenantId: "nobody" })).toEqual([])
    })
  })
}
