import { describe, expect, test } from "vitest"
import { type HostResolver, resolveHost } from "./resolve-host.ts"
import { createSystemResolver } from "./system-resolver.ts"

type Answer = () => Promise<string[]>
const fault =
  (code: string): Answer =>
  () =>
    Promise.reject(Object.assign(new Error(code), { code }))
const found =
  (...addresses: string[]): Answer =>
  () =>
    Promise.resolve(addresses)

const resolverOf = (resolve4: Answer, resolve6: Answer): HostResolver => ({ resolve4, resolve6 })

describe("resolveHost", () => {
  test("knows the addresses of both families, IPv4 first", async () => {
    expect(await resolveHost("a.example", resolverOf(found("192.0.2.1", "192.0.2.2"), found("::2")))).toEqual([
      "192.0.2.1",
      "192.0.2.2",
      "::2",
    ])
  })

  test.each(["ENODATA", "ENOTFOUND", "ESERVFAIL", "ETIMEOUT"])("is content with one family where the other gives %s", async (code) => {
    expect(await resolveHost("a.example", resolverOf(found("192.0.2.1"), fault(code)))).toEqual(["192.0.2.1"])
    expect(await resolveHost("a.example", resolverOf(fault(code), found("::2")))).toEqual(["::2"])
  })

  test.each([
    ["ENOTFOUND", "ENOTFOUND", "ENOTFOUND"],
    ["ENODATA", "ESERVFAIL", "ESERVFAIL"],
    ["ETIMEOUT", "ENODATA", "ETIMEOUT"],
  ])("says what matters more of %s and %s", async (four, six, told) => {
    await expect(resolveHost("a.example", resolverOf(fault(four), fault(six)))).rejects.toMatchObject({ code: told })
  })

  test("asks nobody for localhost", async () => {
    const silent = resolverOf(fault("asked"), fault("asked"))
    expect(await resolveHost("localhost", silent)).toEqual(["127.0.0.1", "::1"])
    expect(await resolveHost("app.localhost", silent)).toEqual(["127.0.0.1", "::1"])
  })

  test("looks names of the private network up in the system's way, and no others", async () => {
    const asked: string[] = []
    const resolver: HostResolver = {
      ...resolverOf(found("192.0.2.1"), found()),
      lookup: async (host) => {
        asked.push(host)
        return ["10.0.0.1"]
      },
    }
    for (const host of ["receiver", "hooks.internal"]) expect(await resolveHost(host, resolver)).toEqual(["10.0.0.1"])
    expect(await resolveHost("app.example", resolver)).toEqual(["192.0.2.1"])
    expect(asked).toEqual(["receiver", "hooks.internal"])
  })
})

test("the system's way reads the hosts file", async () => {
  const addresses = await createSystemResolver().lookup?.("localhost")
  expect(addresses?.some((address) => ["127.0.0.1", "::1"].includes(address))).toBe(true)
})
