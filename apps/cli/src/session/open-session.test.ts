import { expect, test } from "vitest"
import { runFake } from "../testing/run-fake.ts"

const api = { "GET /v1/routes": { body: { data: [], nextCursor: null } } }
const headersWith = async (args: readonly string[], environment: Record<string, string>) => {
  const { calls } = await runFake({ args: ["routes", ...args], api, environment })
  return calls[0]?.headers
}

test("the key is the option's, else SLUICE_API_KEY, else SLUICE_ADMIN_KEY", async () => {
  const both = { SLUICE_API_KEY: "sk_api", SLUICE_ADMIN_KEY: "sk_admin" }
  expect((await headersWith(["--key", "sk_flag"], both))?.get("authorization")).toBe("Bearer sk_flag")
  expect((await headersWith([], both))?.get("authorization")).toBe("Bearer sk_api")
  expect((await headersWith([], { SLUICE_API_KEY: "", SLUICE_ADMIN_KEY: "sk_admin" }))?.get("authorization")).toBe("Bearer sk_admin")
})

test("the tenant goes along only when it is given", async () => {
  const environment = { SLUICE_API_KEY: "sk_api" }
  expect((await headersWith(["--tenant", "acme"], environment))?.get("x-sluice-tenant")).toBe("acme")
  expect((await headersWith([], environment))?.get("x-sluice-tenant")).toBeNull()
})

test.each([
  ["no key", [], {}, "There is no API key."],
  ["a key that no header takes", ["--key", "sk_a b"], {}, "apiKey is empty or has spaces"],
  ["an address that is none", ["--url", "localhost:3000"], { SLUICE_API_KEY: "sk_1" }, '"localhost:3000" is no address'],
])("%s is a matter of the command line", async (_what, args, environment, words) => {
  const { code, notes, calls } = await runFake({ args: ["routes", ...args], environment })
  expect({ code, calls }).toEqual({ code: 2, calls: [] })
  expect(notes).toContain(words)
})
