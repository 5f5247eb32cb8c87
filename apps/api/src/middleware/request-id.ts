import { randomUUID } from "node:crypto"
import type { RequestHandler } from "express"

export interface RequestIdOptions {
  readonly newRequestId?: () => string
}

/** Safe in headers, logs and queries, whatever the caller makes of it. */
const sane = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/

/** Keeps the caller's `x-request-id` when it is a sane one, else makes one. Every answer carries it. */
export function requestId({ newRequestId = randomRequestId }: RequestIdOptions = {}): RequestHandler {
  return function assignRequestId(request, response, next) {
    const given = request.headers["x-request-id"]
    const id = typeof given === "string" && sane.test(given) ? given : newRequestId()
    request.id = id
    response.locals.requestId = id
    response.setHeader("x-request-id", id)
    next()
  }
}

export function randomRequestId(): string {
  return `req_${randomUUID()}`
}
