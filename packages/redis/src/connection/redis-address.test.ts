import { describe, expect, test } from "vitest"
import { connectRedis } from "./connect-redis.ts"
import { redisAddress } from "./redis-address.ts"

describe("redisAddress", () => {
  test.each([
    ["redis://localhost", "localhost:6379"],
    ["redis://user:secret@redis.internal:6380/2", "redis.internal:6380"],
    ["rediss://:secret@10.0.0.1", "10.0.0.1:6379"],
    ["redis://[::1]:7000", "[::1]:7000"],
  ])("%s is %s", (url, address) => {
    expect(redisAddress(url)).toBe(address)
  })

  test.each(["localhost:6379", "http://localhost", "/var/run/redis.sock", ""])("%j is refused", (url) => {
    expect(() => redisAddress(url)).toThrow("must look like redis://")
  })

  test("a refusal does not show the password", () => {
    expect(() => redisAddress("http://:secret@redis:6379")).toThrow(expect.not.stringContaining("secret"))
  })
})

test.each(["", "a b", "a:b", "a{b}"])("the namespace %j is refused", (namespace) => {
  expect(() => connectRedis({ url: "redis://localhost", namespace, onError: () => {} })).toThrow("The Redis namespace")
})
