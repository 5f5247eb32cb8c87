import { describe, expect, test } from "vitest"
import { ConnectionError } from "../errors/connection-error.ts"
import { SluiceError } from "../errors/sluice-error.ts"
import { UnexpectedAnswerError } from "../errors/unexpected-answer-error.ts"
import { type FakeAnswer, fakeFetch, ok, page, problem, refused, silence } from "../testing/fake-fetch.ts"
import { testClient } from "../testing/test-client.ts"

const submission = { route: "chat", input: { messages: [{ role: "user", content: "Hi" }] } }
const job = { id: "job_1", finishedAt: null }
const failing = async (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error,
  )

describe("a submission", () => {
  const mended: [string, FakeAnswer][] = [
    ["a refused connection", refused],
    ["too many requests", problem(429, "tenant_rate_limited")],
    ["a storage that is away", problem(503, "storage_unavailable")],
    ["an error on the server's side", problem(500, "internal")],
    ["a proxy that has no server", page(502, "<h1>Bad gateway</h1>")],
  ]
  test.each(mended)("survives %s, under the same idempotency key", async (_what, fault) => {
    const { client, sent } = testClient([fault, fault, ok(job, 202)])
    expect(await client.jobs.submit(submission)).toEqual(job)
    expect(sent.map(({ headers }) => headers["idempotency-key"])).toEqual(["key-1", "key-1", "key-1"])
    expect(sent.every(({ body }) => JSON.stringify(body) === JSON.stringify(submission))).toBe(true)
  })

  test("has a key of its own each time, or the caller's", async () => {
    const { client, sent } = testClient([ok(job, 202)])
    await client.jobs.submit(submission)
    await client.jobs.submit(submission)
    await client.jobs.submit(submission, { idempotencyKey: "order-81" })
    expect(sent.map(({ headers }) => headers["idempotency-key"])).toEqual(["key-1", "key-2", "order-81"])
  })

  test.each([
    ["a wrong request", problem(400, "validation_failed")],
    ["a budget that is used up until midnight", problem(402, "budget_exhausted")],
    ["a key that was used before", problem(422, "idempotency_key_reused")],
  ])("is not repeated after %s", async (_what, fault) => {
    const { client, sent } = testClient([fault])
    expect(await failing(client.jobs.submit(submission))).toBeInstanceOf(SluiceError)
    expect(sent.length).toBe(1)
  })
})

describe("retries", () => {
  test("wait as long as Retry-After says, in seconds or as a date", async () => {
    const inSeconds = problem(503, "storage_unavailable", { "retry-after": "7" })
    const asDate = problem(429, "tenant_rate_limited", { "retry-after": "Sat, 21 Nov 2026 12:00:30 GMT" })
    const { client, slept } = testClient([inSeconds, asDate, ok(job)])
    await client.jobs.get("job_1")
    expect(slept).toEqual([7_125, 22_875 + 125])
  })

  test("back off, and end with the last error", async () => {
    const { client, sent, slept } = testClient([refused], { retries: 6 })
    expect(await failing(client.jobs.get("job_1"))).toBeInstanceOf(ConnectionError)
    expect(sent.length).toBe(7)
    expect(slept).toEqual([125, 250, 500, 1_000, 2_000, 4_000])
  })

  test("leave the decision to the caller when the server asks for more than a minute", async () => {
    const { client, sent } = testClient([problem(429, "tenant_rate_limited", { "retry-after": "61" })])
    expect(await failing(client.jobs.get("job_1"))).toMatchObject({ code: "tenant_rate_limited", retryAfterMs: 61_000 })
    expect(sent.length).toBe(1)
  })

  test("can be turned off", async () => {
    const { client, sent } = testClient([refused], { retries: 0 })
    await failing(client.jobs.get("job_1"))
    expect(sent.length).toBe(1)
  })
})

describe("errors", () => {
  test("a problem keeps its code, fields and request id", async () => {
    const errors = [{ pointer: "#/input/messages/0/role", code: "invalid_value", detail: "Expected user." }]
    const body = {
      type: "/problems/validation_failed",
      code: "validation_failed",
      title: "The request is not valid",
      status: 400,
      detail: "1 field is wrong.",
      instance: "/v1/jobs",
      requestId: "req_7f",
      retryable: false,
      errors,
    }
    const { client } = testClient([ok(body, 400)])
    const error = await failing(client.jobs.submit(submission))
    expect(error).toMatchObject({
      name: "SluiceError",
      code: "validation_failed",
      status: 400,
      requestId: "req_7f",
      retryable: false,
      errors,
    })
    expect(String(error)).toBe("SluiceError: The request is not valid: 1 field is wrong.")
  })

  test("nobody there: says where, and why", async () => {
    const { client } = testClient([refused], { retries: 0 })
    const error = await failing(client.jobs.get("job_1"))
    expect(error).toMatchObject({ reason: "network", baseUrl: "http://api.test/base" })
    expect(String(error)).toBe("ConnectionError: Nothing answers at http://api.test/base: connect ECONNREFUSED 127.0.0.1:3000.")
  })

  test("silence: says how long it was waited for", async () => {
    const { client } = testClient([silence], { retries: 0, timeoutMs: 20 })
    expect(await failing(client.jobs.get("job_1"))).toMatchObject({
      reason: "timeout",
      message: "http://api.test/base did not answer within 20 ms.",
    })
  })

  test("a call that waits has that much more time", async () => {
    const late: FakeAnswer = async (_request, signal) => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      signal.throwIfAborted()
      return Response.json(job)
    }
    const { client } = testClient([late], { retries: 0, timeoutMs: 10 })
    expect(await client.jobs.get("job_1", { waitMs: 20_000 })).toEqual(job)
  })

  test.each([
    ["a page instead of JSON", page(200, "<h1>Welcome</h1>"), 200],
    ["another program's 404", page(404, "Cannot GET /v1/jobs/job_1"), 404],
    ["a redirect", page(302, "", { location: "http://elsewhere.test" }), 302],
  ])("%s is told from Sluice's own answers", async (_what, answer, status) => {
    const { client } = testClient([answer])
    const error = await failing(client.jobs.get("job_1"))
    expect(error).toBeInstanceOf(UnexpectedAnswerError)
    expect(error).toMatchObject({ status, message: expect.stringContaining("GET http://api.test/base/v1/jobs/job_1 was answered with") })
  })
})

describe("aborting", () => {
  test("ends the call with the signal's reason, and is no failure to retry", async () => {
    const { client, sent } = testClient([silence])
    const caller = new AbortController()
    const call = failing(client.jobs.get("job_1", { signal: caller.signal }))
    caller.abort(new Error("enough"))
    expect(await call).toMatchObject({ message: "enough" })
    expect(sent.length).toBe(1)
  })

  test("ends the wait before a retry", async () => {
    const caller = new AbortController()
    const { fetch, sent } = fakeFetch(problem(503, "storage_unavailable", { "retry-after": "50" }))
    const { createClient } = await import("../create-client.ts")
    const client = createClient({ baseUrl: "http://api.test", apiKey: "sk_test", fetch })
    const call = failing(client.jobs.get("job_1", { signal: caller.signal }))
    await new Promise((resolve) => setTimeout(resolve, 20))
    caller.abort(new Error("enough"))
    expect(await call).toMatchObject({ message: "enough" })
    expect(sent.length).toBe(1)
  })
})
