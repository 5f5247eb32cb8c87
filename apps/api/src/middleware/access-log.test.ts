import { StorageUnavailableError } from "@sluice/core"
import express, { type RequestHandler } from "express"
import { pino } from "pino"
import { describe, expect, test } from "vitest"
import { send, type TestRequest } from "../testing/send.ts"
import { accessLog } from "./access-log.ts"
import { problemResponses } from "./problem-responses.ts"
import { requestId } from "./request-id.ts"

async function linesOf(handler: RequestHandler, request: TestRequest): Promise<Record<string, unknown>[]> {
  const lines: string[] = []
  const { promise: written, resolve } = Promise.withResolvers<void>()
  const destination = {
    write(line: string) {
      lines.push(line)
      resolve()
    },
  }
  const app = express()
  app.use(requestId({ newRequestId: () => "req_1" }), accessLog({ logger: pino({}, destination) }))
  app.post("/things/:id", handler)
  app.use(problemResponses())
  await send(app, request)
  await written
  return lines.map((line) => JSON.parse(line))
}

describe("accessLog", () => {
  test("writes one line with the route's template, and nothing that the caller sent", async () => {
    const lines = await linesOf(
      (_request, response) => {
        response.locals.tenantId = "acme"
        response.status(202).end()
      },
      {
        method: "POST",
        path: "/things/private-1?q=private-2",
        headers: { authorization: "Bearer private-3", "content-type": "text/plain" },
        body: "private-4",
      },
    )
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ level: 30, requestId: "req_1", method: "POST", route: "/things/:id", status: 202, tenantId: "acme" })
    expect(lines[0]?.durationMs).toBeTypeOf("number")
    expect(JSON.stringify(lines)).not.toContain("private")
  })

  test("has no route for an address that there is not", async () => {
    const lines = await linesOf((_request, response) => response.end(), { path: "/private" })
    expect(lines).toMatchObject([{ route: null, status: 404 }])
    expect(JSON.stringify(lines)).not.toContain("private")
  })

  test("writes an error of ours with its stack, at level error", async () => {
    const lines = await linesOf(
      () => {
        throw new Error("kaput")
      },
      { method: "POST", path: "/things/1" },
    )
    expect(lines).toMatchObject([{ level: 50, status: 500, requestId: "req_1", msg: "request failed", err: { message: "kaput" } }])
    expect(JSON.stringify(lines)).toContain("access-log.test.ts")
  })

  test("writes of an outage only why, at level warn", async () => {
    const lines = await linesOf(
      () => {
        throw new StorageUnavailableError({ message: "the database is away" })
      },
      { method: "POST", path: "/things/1" },
    )
    expect(lines).toMatchObject([{ level: 40, status: 503, reason: "the database is away" }])
    expect(lines[0]).not.toHaveProperty("err")
  })
})
