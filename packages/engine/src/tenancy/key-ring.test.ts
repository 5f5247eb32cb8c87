import { type ApiKey, type ApiKeyStore, StorageUnavailableError } from "@sluice/core"
import { createMemoryApiKeyStore, sampleApiKey } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createKeyRing, type KeyRingOptions } from "./key-ring.ts"
import { hashOfKey, newKeySecret } from "./key-secret.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")

/** A ring over a store that can go away, and whose reads are counted. */
function setUp(options: Partial<KeyRingOptions> = {}) {
  const memory = createMemoryApiKeyStore()
  const state = { isAway: false, reads: 0, nowMs: t0.getTime() }
  const whenThere = <T>(work: () => Promise<T>): Promise<T> =>
    state.isAway ? Promise.reject(new StorageUnavailableError({ message: "away" })) : work()
  const store: ApiKeyStore = {
    ...memory,
    findByHash(hash) {
      state.reads += 1
      return whenThere(() => memory.findByHash(hash))
    },
    changedSince: (mark) => whenThere(() => memory.changedSince(mark)),
    noteUses: (uses) => whenThere(() => memory.noteUses(uses)),
  }
  const ring = createKeyRing({ store, clock: () => new Date(state.nowMs), ...options })
  const make = async (key: Partial<ApiKey> = {}) => {
    const { text, hash, hint } = newKeySecret()
    const made = sampleApiKey({ secrets: [{ hash, hint, createdAt: t0, expiresAt: null }], ...key })
    await memory.insert(made)
    return { text, key: made, ref: { tenantId: made.tenantId, id: made.id } }
  }
  const later = (ms: number) => new Date(t0.getTime() + ms)
  return { ring, state, memory, make, later }
}

describe("a key ring", () => {
  test("asks the database once for a key, and once for many who ask at once", async () => {
    const { ring, state, make } = setUp()
    const { text, key } = await make()
    const verdicts = await Promise.all([ring.verify(text), ring.verify(text), ring.verify(text)])
    for (const verdict of [...verdicts, await ring.verify(text)]) expect(verdict).toMatchObject({ kind: "valid", key: { id: key.id } })
    expect(state.reads).toBe(1)
  })

  test("looks for nothing that cannot be a key, and not again at once for what is none", async () => {
    const { ring, state, make, memory } = setUp({ unknownForMs: 1_000 })
    for (const text of ["", "x", "sk_", "sk_short", "pk_0123456789012345678901234567890123456789"]) {
      expect(await ring.verify(text)).toEqual({ kind: "unknown" })
    }
    expect(state.reads).toBe(0)
    const wrong = newKeySecret().text
    expect(await ring.verify(wrong)).toEqual({ kind: "unknown" })
    expect(await ring.verify(wrong)).toEqual({ kind: "unknown" })
    expect(state.reads).toBe(1)
    await memory.insert(sampleApiKey({ secrets: [{ hash: hashOfKey(wrong), hint: "sk_", createdAt: t0, expiresAt: null }] }))
    state.nowMs += 1_001
    expect(await ring.verify(wrong)).toMatchObject({ kind: "valid" })
    expect(await ring.verify((await make()).text)).toMatchObject({ kind: "valid" })
  })

  test("refuses a key that another process has revoked, from the next refresh on", async () => {
    const { ring, memory, make } = setUp()
    const { text, ref } = await make()
    await ring.refresh()
    await ring.verify(text)
    await memory.revoke({ ...ref, at: t0, by: "admin" })
    expect(await ring.verify(text)).toMatchObject({ kind: "valid" })
    await ring.refresh()
    expect(await ring.verify(text)).toEqual({ kind: "revoked" })
  })

  test("refuses at once what this process has revoked", async () => {
    const { ring, memory, make } = setUp()
    const { text, ref } = await make()
    await ring.verify(text)
    const revoked = await memory.revoke({ ...ref, at: t0, by: "admin" })
    if (revoked) ring.learn(revoked)
    expect(await ring.verify(text)).toEqual({ kind: "revoked" })
  })

  test("accepts the old secret of a rotation until the overlap ends, and then the new one only", async () => {
    const { ring, memory, make, state, later } = setUp()
    const { text, ref } = await make()
    await ring.refresh()
    await ring.verify(text)
    const next = newKeySecret()
    await memory.rotate({ ...ref, hash: next.hash, hint: next.hint, at: t0, overlapMs: 5_000 })
    await ring.refresh()
    expect(await ring.verify(text)).toMatchObject({ kind: "valid" })
    expect(await ring.verify(next.text)).toMatchObject({ kind: "valid" })
    state.nowMs = later(5_000).getTime()
    expect(await ring.verify(text)).toEqual({ kind: "unknown" })
    expect(await ring.verify(next.text)).toMatchObject({ kind: "valid" })
  })

  test("refuses an expired key at its time, without being told", async () => {
    const { ring, make, state, later } = setUp()
    const { text } = await make({ expiresAt: later(1_000) })
    expect(await ring.verify(text)).toMatchObject({ kind: "valid" })
    state.nowMs += 1_000
    expect(await ring.verify(text)).toEqual({ kind: "expired" })
  })

  test("while the database is away, known keys are accepted for a bounded time, and unknown ones are not called wrong", async () => {
    const { ring, make, state } = setUp({ graceMs: 60_000 })
    const [known, other] = [await make(), await make()]
    await ring.verify(known.text)
    state.nowMs += 30_000
    await ring.refresh()
    state.isAway = true
    await expect(ring.refresh()).rejects.toThrow(StorageUnavailableError)
    await expect(ring.verify(other.text)).rejects.toThrow(StorageUnavailableError)
    state.nowMs += 59_999
    expect(await ring.verify(known.text)).toMatchObject({ kind: "valid" })
    state.nowMs += 1
    await expect(ring.verify(known.text)).rejects.toThrow(StorageUnavailableError)
    state.isAway = false
    expect(await ring.verify(known.text)).toMatchObject({ kind: "valid" })
  })

  test("keeps so many keys, and looks the others up anew", async () => {
    const { ring, make, state } = setUp({ maxKeys: 2 })
    const made = [await make(), await make(), await make()]
    for (const { text } of [...made, ...made.slice(1)]) expect(await ring.verify(text)).toMatchObject({ kind: "valid" })
    expect(state.reads).toBe(3)
    expect(await ring.verify(made[0]?.text ?? "")).toMatchObject({ kind: "valid" })
    expect(state.reads).toBe(4)
  })

  test("writes down the last use of each key together, and again what could not be written", async () => {
    const { ring, memory, make, state, later } = setUp()
    const { text, ref } = await make()
    await ring.verify(text)
    state.nowMs += 500
    await ring.verify(text)
    expect((await memory.find(ref))?.lastUsedAt).toBeNull()
    state.isAway = true
    await expect(ring.recordUses()).rejects.toThrow(StorageUnavailableError)
    state.isAway = false
    await ring.recordUses()
    expect((await memory.find(ref))?.lastUsedAt).toEqual(later(500))
  })
})
