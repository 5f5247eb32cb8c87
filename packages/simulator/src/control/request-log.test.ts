import { describe, expect, test } from "vitest"
import { createRequestLog, type RequestEntry } from "./request-log.ts"

function entry(changes: Partial<RequestEntry>): RequestEntry {
  return {
    requestId: "req_1",
    atMs: 0,
    wire: "openai",
    method: "POST",
    path: "/v1/chat/completions",
    headers: {},
    number: 1,
    operation: "chat",
    model: "m",
    stream: false,
    body: null,
    fate: "ok",
    source: "schedule",
    status: 200,
    promptTokens: 0,
    outputTokens: 0,
    durationMs: 1,
    abortedByClient: false,
    ...changes,
  }
}

describe("a request log", () => {
  test("keeps the latest, oldest first", () => {
    const log = createRequestLog(3)
    for (let number = 1; number <= 5; number++) log.add(entry({ number }))
    expect(log.list().map(({ number }) => number)).toEqual([3, 4, 5])
  })

  test("of no capacity keeps nothing", () => {
    const log = createRequestLog(0)
    log.add(entry({}))
    expect(log.list()).toEqual([])
  })

  test("masks keys, but for the end of long ones", () => {
    const log = createRequestLog(1)
    log.add(
      entry({
        headers: { authorization: "Bearer sk-1234567890abcdef", "x-api-key": "short", "api-key": "0123456789abcdef", accept: "*/*" },
      }),
    )
    expect(log.list()[0]?.headers).toEqual({ authorization: "***cdef", "x-api-key": "***", "api-key": "***cdef", accept: "*/*" })
  })

  test("shows what is learned of an entry after it was added", () => {
    const log = createRequestLog(1)
    const open = entry({ status: null, durationMs: null })
    log.add(open)
    open.status = 503
    expect(log.list()[0]?.status).toBe(503)
  })
})
