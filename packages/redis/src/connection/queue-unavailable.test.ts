import { QueueUnavailableError } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { queueUnavailable } from "./queue-unavailable.ts"

describe("queueUnavailable", () => {
  test("says in plain words that there is no connection", () => {
    const error = queueUnavailable("redis:6379", new Error("Stream isn't writeable and enableOfflineQueue options is false"))
    expect(error).toBeInstanceOf(QueueUnavailableError)
    expect(error.message).toBe("There is no connection to Redis at redis:6379 at present; it is being tried again.")
  })

  test("names the reason, also that of an error without a message", () => {
    expect(queueUnavailable("redis:6379", new Error("OOM")).message).toBe("Redis at redis:6379 did not take the command: OOM")
    const silent = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" })
    expect(queueUnavailable("redis:6379", silent).message).toContain("ECONNREFUSED")
  })

  test("leaves what is one already as it is", () => {
    const error = new QueueUnavailableError({ message: "late" })
    expect(queueUnavailable("redis:6379", error)).toBe(error)
  })
})
