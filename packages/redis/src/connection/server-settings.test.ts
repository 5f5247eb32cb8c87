import { describe, expect, test } from "vitest"
import { serverFindings } from "./server-settings.ts"

const info = (version: string, policy: string): string =>
  `# Server\r\nredis_version:${version}\r\nredis_mode:standalone\r\n\r\n# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:${policy}\r\n`

describe("serverFindings", () => {
  test.each(["6.2.0", "6.10.1", "7.0.15", "8.2"])("nothing is wrong with version %s that evicts nothing", (version) => {
    expect(serverFindings(info(version, "noeviction"), "redis:6379")).toEqual([])
  })

  test.each(["5.0.7", "6.0.16", "6.1"])("version %s is too old", (version) => {
    expect(serverFindings(info(version, "noeviction"), "redis:6379")).toEqual([
      `Redis at redis:6379 is version ${version}; 6.2 or later is needed. Upgrade it.`,
    ])
  })

  test("a server that evicts keys is found", () => {
    expect(serverFindings(info("7.0.15", "volatile-lru"), "redis:6379").join()).toContain("Set maxmemory-policy to noeviction.")
  })

  test("what a server does not tell is not held against it", () => {
    expect(serverFindings("# Server\r\n", "redis:6379")).toEqual([])
  })
})
