import { type Clock, createDashboardSessionRequest, type DashboardSessionResource, dashboardHeader } from "@sluice/core"
import type { RequestHandler, Response } from "express"
import { parseBody } from "../problems/parse-body.ts"
import { headerProblem } from "../problems/validation-problem.ts"
import { assertNoQuery } from "../queries/read-query.ts"
import { sendJson } from "../responses/send-json.ts"
import { clearSessionCookie, readSessionCookie, setSessionCookie } from "./session-cookie.ts"
import type { DashboardSessions } from "./sessions.ts"

export interface SessionHandlerDependencies {
  readonly sessions: DashboardSessions
  readonly clock: Clock
}

const sessionMs = 12 * 3_600_000

/** Before `authentication`: the key that is signed in with stands in the body. */
export function bodyAsKey(): RequestHandler {
  return function readKey(request, _response, next) {
    assertNoQuery(request.url)
    assertDashboard(request.headers[dashboardHeader])
    const { key } = parseBody(createDashboardSessionRequest, request.body)
    request.headers.authorization = `Bearer ${key.trim()}`
    next()
  }
}

/** `POST /dashboard/session`: 201 with who it is, and the session's cookie. */
export function signInHandler({ sessions, clock }: SessionHandlerDependencies): RequestHandler {
  return async function handleSignIn(request, response) {
    const key = (request.headers.authorization ?? "").replace(/^Bearer /, "")
    const now = clock().getTime()
    const expiresAt = new Date(Math.min(now + sessionMs, response.locals.principal.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY))
    const text = await sessions.seal({ key, expiresAt })
    setSessionCookie(request, response, { text, maxAgeMs: expiresAt.getTime() - now })
    sendSession(response, { status: 201, expiresAt })
  }
}

/** Before `authentication`: a browser that has no session is told so by 204, which is no failure that it would show in its console. */
export function nobodyWithoutSession({ sessions }: Pick<SessionHandlerDependencies, "sessions">): RequestHandler {
  return async function answerNobody(request, response, next) {
    const isNobody = request.headers.authorization === undefined && (await sessions.open(readSessionCookie(request) ?? "")) === null
    if (!isNobody) return next()
    response.setHeader("Cache-Control", "no-store")
    response.status(204).end()
  }
}

/** `GET /dashboard/session`: who is signed in. */
export function currentSessionHandler({ sessions, clock }: SessionHandlerDependencies): RequestHandler {
  return async function handleCurrentSession(request, response) {
    assertNoQuery(request.url)
    const session = await sessions.open(readSessionCookie(request) ?? "")
    // Asked with a key instead, which lasts as long as the session that it would open.
    sendSession(response, { status: 200, expiresAt: session?.expiresAt ?? new Date(clock().getTime() + sessionMs) })
  }
}

/** `DELETE /dashboard/session`: 204 without the cookie, whether or not there was a session. */
export function signOutHandler(): RequestHandler {
  return function handleSignOut(request, response) {
    assertNoQuery(request.url)
    assertDashboard(request.headers[dashboardHeader])
    clearSessionCookie(request, response)
    response.status(204).end()
  }
}

function sendSession(response: Response, { status, expiresAt }: { readonly status: number; readonly expiresAt: Date }): void {
  const { actor, tenantId, scopes } = response.locals.principal
  const body: DashboardSessionResource = {
    object: "dashboard_session",
    actor,
    tenantId,
    scopes: [...scopes],
    expiresAt: expiresAt.toISOString(),
  }
  response.setHeader("Cache-Control", "no-store")
  sendJson(response, { status, body })
}

/** No other site may sign a browser in or out. */
function assertDashboard(header: string | string[] | undefined): void {
  if (header === undefined) throw headerProblem({ name: dashboardHeader, detail: "Expected the header, with any value." })
}
