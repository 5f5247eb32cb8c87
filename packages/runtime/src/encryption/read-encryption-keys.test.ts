import { randomBytes } from "node:crypto"
import { describe, expect, test } from "vitest"
import { parseEnvironment } from "../environment/parse-environment.ts"
import { createCredentials } from "../secrets/create-credentials.ts"
import { readEncryptionKeys } from "./read-encryption-keys.ts"

const secret = randomBytes(32)

function read(text: string, environment: Record<string, string> = {}) {
  const { encryptionKeys: keys } = parseEnvironment({ SLUICE_ENCRYPTION_KEYS: text })
  return readEncryptionKeys({ keys, credentials: createCredentials({ environment }) })
}

describe("SLUICE_ENCRYPTION_KEYS", () => {
  test.each([
    ["base64", secret.toString("base64")],
    ["base64url", secret.toString("base64url")],
    ["hex", secret.toString("hex")],
  ])("takes keys in %s, in their order", async (_form, text) => {
    const keys = await read("b=env:B, a=env:A", { A: text, B: text })
    expect(keys.map(({ id }) => id)).toEqual(["b", "a"])
    for (const key of keys) expect(Buffer.compare(key.secret, secret)).toBe(0)
  })

  test("nothing set is no keys", async () => expect(await read("")).toEqual([]))

  test("names every key that is wrong, and what to do, without its value", async () => {
    const failure = await read("a=env:A,b=env:B,c=file:/nowhere", { A: "much-too-short" }).catch((error: Error) => error)
    expect(String(failure)).toMatch(/Key "a" \(env:A\) is not 32 bytes.*openssl rand -base64 32/)
    expect(String(failure)).toMatch(/Key "b": Credential env:B: .*not set/)
    expect(String(failure)).toMatch(/Key "c": Credential file:\/nowhere: There is no such file/)
    expect(String(failure)).not.toContain("much-too-short")
  })

  test.each([secret.toString("base64"), "a=", "a b=env:X", "a=env:X,", "a=plain"])("refuses %s without repeating it", (text) => {
    expect(() => parseEnvironment({ SLUICE_ENCRYPTION_KEYS: text })).toThrow(
      /^Environment variable SLUICE_ENCRYPTION_KEYS: Expected NAME=REFERENCE/,
    )
  })

  test("refuses two keys of one name", () => {
    expect(() => parseEnvironment({ SLUICE_ENCRYPTION_KEYS: "a=env:X,a=env:Y" })).toThrow(/same name/)
  })
})
