import { describe, expect, test } from "vitest"
import { adminKeyOf, StartError } from "./admin-key.ts"

const nothing = { adminKey: null, isDevelopment: false, host: "127.0.0.1" }

describe("adminKeyOf", () => {
  test("takes the key that was set, anywhere", () => {
    expect(adminKeyOf({ adminKey: "sk_a", isDevelopment: true, host: "0.0.0.0" })).toEqual({ key: "sk_a", isNew: false })
  })

  test("refuses to do without one, and says what to do", () => {
    expect(() => adminKeyOf(nothing)).toThrow(StartError)
    expect(() => adminKeyOf(nothing)).toThrow(/SLUICE_ADMIN_KEY.*SLUICE_DEV=1/)
  })

  test.each(["127.0.0.1", "127.1.2.3", "localhost", "::1"])("makes one for development on %s", (host) => {
    const made = adminKeyOf({ ...nothing, isDevelopment: true, host })
    expect(made).toEqual({ key: expect.stringMatching(/^sk_[\w-]{32}$/), isNew: true })
    expect(adminKeyOf({ ...nothing, isDevelopment: true, host }).key).not.toBe(made.key)
  })

  test.each(["0.0.0.0", "::", "10.0.0.1", "127.example.com", "example.com", "::ffff:10.0.0.1"])("makes none on %s", (host) => {
    expect(() => adminKeyOf({ ...nothing, isDevelopment: true, host })).toThrow(/HOST/)
  })
})
