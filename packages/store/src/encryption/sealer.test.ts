import { randomBytes } from "node:crypto"
import fc from "fast-check"
import { Binary } from "mongodb"
import { describe, expect, test } from "vitest"
import { DecryptionError } from "./decryption-error.ts"
import { createSealer, type EncryptionKey, type Place, type Sealed } from "./sealer.ts"

const key = (id: string): EncryptionKey => ({ id, secret: randomBytes(32) })
const [old, present] = [key("2026-05"), key("2026-11")]
const sealer = createSealer([present, old])
const place: Place = { collection: "jobs", id: "job_1", tenantId: "acme", field: "input" }

function faultOf(value: Sealed, options: { by?: typeof sealer; at?: Place } = {}): DecryptionError {
  try {
    ;(options.by ?? sealer).open(value, options.at ?? place)
  } catch (error) {
    if (error instanceof DecryptionError) return error
    throw error
  }
  throw new Error("It could be opened")
}

function binary(value: Sealed): Binary {
  if (typeof value === "string") throw new Error("It is not encrypted")
  return value
}

describe("a sealer", () => {
  test("gives back any text, and never twice the same ciphertext", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 2_000 }), (text) => {
        const [one, other] = [sealer.seal(text, place), sealer.seal(text, place)]
        expect(sealer.open(one, place)).toBe(text)
        expect(binary(one).value()).not.toEqual(binary(other).value())
      }),
    )
  })

  test("shows nothing of the text", () => {
    const sealed = binary(sealer.seal("the prompt that nobody may see", place)).value()
    expect(Buffer.from(sealed).toString("latin1")).not.toContain("prompt")
  })

  test("opens what an older key encrypted, and encrypts with the first", () => {
    expect(sealer.open(createSealer([old]).seal("text", place), place)).toBe("text")
    expect(sealer.open(createSealer([present]).seal("text", place), place)).toBe("text")
    expect(faultOf(sealer.seal("text", place), { by: createSealer([old]) })).toMatchObject({ reason: "missing_key", keyId: "2026-11" })
  })

  test("says which key is missing, where, and what to do", () => {
    const fault = faultOf(sealer.seal("secret words", place), { by: createSealer([]) })
    expect(fault.message).toMatch(/input of job_1 in jobs is encrypted with the key "2026-11", which.*SLUICE_ENCRYPTION_KEYS/)
    expect(fault.message).not.toContain("secret")
  })

  test("reads what was never encrypted", () => {
    expect(sealer.open('{"a":1}', place)).toBe('{"a":1}')
    expect(sealer.openBytes(Buffer.from("x"), undefined, place)).toEqual(Buffer.from("x"))
  })

  test.each<[string, Partial<Place>]>([
    ["another document", { id: "job_2" }],
    ["another tenant", { tenantId: "rival" }],
    ["another field", { field: "result.output" }],
    ["another collection", { collection: "cache" }],
  ])("does not open what was moved to %s", (_what, moved) => {
    expect(faultOf(sealer.seal("text", place), { at: { ...place, ...moved } })).toMatchObject({ reason: "damaged" })
  })

  test("does not open what was changed or cut anywhere", () => {
    const sealed = Buffer.from(binary(sealer.seal("some text", place)).value())
    fc.assert(
      fc.property(fc.nat({ max: sealed.length - 1 }), fc.integer({ min: 1, max: 255 }), fc.boolean(), (index, change, isCut) => {
        const changed = isCut ? sealed.subarray(0, index) : Buffer.from(sealed)
        if (!isCut) changed[index] = (changed[index] ?? 0) ^ change
        expect(faultOf(new Binary(changed))).toBeInstanceOf(DecryptionError)
      }),
    )
  })

  test("another key of the same name opens nothing", () => {
    expect(faultOf(sealer.seal("text", place), { by: createSealer([key("2026-11")]) })).toMatchObject({ reason: "damaged" })
  })

  test("names what has to be found so that only who has the key can guess it", () => {
    const [now, before] = sealer.blinds("hello")
    expect(sealer.blinds("hello")).toEqual([now, before])
    expect(createSealer([old]).blinds("hello")).toEqual([before])
    expect(createSealer([key("2026-11")]).blinds("hello")).not.toContain(now)
    expect(createSealer([]).blinds("hello")).toEqual([])
  })

  test.each([
    ["of the wrong length", [{ id: "a", secret: randomBytes(16) }], /"a" has 16 bytes, and needs 32/],
    ["of one name", [key("a"), key("a")], /same name/],
    ["with a name that cannot stand beside a value", [key("a b")], /"a b" cannot name/],
  ])("refuses keys %s", (_what, keys, message) => {
    expect(() => createSealer(keys)).toThrow(message)
  })
})
