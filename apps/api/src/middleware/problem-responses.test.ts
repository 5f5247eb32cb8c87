import { StorageUnavailableError } from "@sluice/core"
import express from "express"
import { describe, expect, test } from "vitest"
import { Problem } from "../problems/problem.ts"
import { send } from "../testing/send.ts"
import { BodyCutOffError } from "./json-body/collect-body.ts"
import { problemResponses } from "./problem-responses.ts"
import { requestId } from "./request-id.ts"

function throwing(error: unknown) {
  const app = express()
  app.use(requestId({ newRequestId: () => "req_1" }))
  app.use(() => {
    throw error
  })
  app.use(problemResponses())
  return app
}

describe("problemResponses", () => {
  test("sends the problem as the contract has it", async () => {
    const problem = new Problem({ code: "conflict", detail: "It is running.", headers: { "Retry-After": "7" } })
    const answer = await send(throwing(problem), { path: "/v1/jobs/1?secret=1" })
    expect(answer.status).toBe(409)
    expect(answer.headers).toMatchObject({ "content-type": "application/problem+json", "retry-after": "7", "cache-control": "no-store" })
    expect(JSON.parse(answer.text)).toEqual({
      type: "/problems/conflict",
      code: "conflict",
      title: "The current state does not allow this",
      status: 409,
      detail: "It is running.",
      instance: "/v1/jobs/1",
      requestId: "req_1",
      retryable: false,
      errors: [],
    })
  })

  test.each([new Error("the password is hunter2"), new TypeError("hunter2"), "hunter2", { hunter2: 1 }])(
    "tells nothing internal of %s",
    async (error) => {
      const answer = await send(throwing(error), {})
      expect(answer.status).toBe(500)
      expect(JSON.parse(answer.text)).toMatchObject({ code: "internal", requestId: "req_1", retryable: true })
      expect(answer.text).not.toMatch(/hunter2|\.ts|at /)
    },
  )

  test("says when to come back to a database that is away", async () => {
    const error = new StorageUnavailableError({ message: "connect ECONNREFUSED 10.0.0.1", retryAfterMs: 2_500 })
    const answer = await send(throwing(error), {})
    expect(answer.status).toBe(503)
    expect(answer.headers["retry-after"]).toBe("3")
    expect(JSON.parse(answer.text)).toMatchObject({ code: "storage_unavailable", retryable: true })
    expect(answer.text).not.toContain("10.0.0.1")
  })

  test("reads a body that nobody wanted, so that the connection stays good", async () => {
    const refused = new Problem({ code: "unauthenticated", detail: "No key." })
    const answer = await send(throwing(refused), { method: "POST", headers: { connection: "keep-alive" }, body: "x".repeat(1_000_000) })
    expect(answer.status).toBe(401)
    expect(answer.headers.connection).toBe("keep-alive")
  })

  test("has nothing to say to a caller whose body was cut off", async () => {
    await expect(send(throwing(new BodyCutOffError()), {})).rejects.toThrow(/hang up|closed/)
  })

  test("closes the connection when more is coming than it is willing to read", async () => {
    const app = express()
    app.use(() => {
      throw new Problem({ code: "unauthenticated", detail: "No key." })
    })
    app.use(problemResponses({ discard: { maxBytes: 1_000, timeoutMs: 5_000 } }))
    const answer = await send(app, { method: "POST", headers: { connection: "keep-alive" }, body: "x".repeat(100_000) })
    expect(answer.status).toBe(401)
    expect(answer.headers.connection).toBe("close")
  })
})
