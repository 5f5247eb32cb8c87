import { dashboardHeader } from "@sluice/core"
import type { Request } from "express"
import { Problem } from "../problems/problem.ts"
import { readSessionCookie } from "./session-cookie.ts"
import type { DashboardSessions } from "./sessions.ts"

/**
 * The API key with which a browser has signed in; null when the request has no session. A session counts only for requests of pages of
 * this very origin, and changes something only for a script of theirs, which alone can send the dashboard's header.
 */
export async function sessionKeyOf(request: Request, sessions: Pick<DashboardSessions, "open">): Promise<string | null> {
  const text = readSessionCookie(request)
  if (text === null) return null
  if (!isSameOrigin(request)) throw refused("A session counts only for pages of this origin. Send `Authorization: Bearer sk_...`.")
  const isReading = request.method === "GET" || request.method === "HEAD"
  if (!isReading && request.headers[dashboardHeader] === undefined) {
    throw refused(`A session changes something only with the header ${dashboardHeader}. Programs send \`Authorization: Bearer sk_...\`.`)
  }
  const session = await sessions.open(text)
  if (session === null) throw refused("The session has ended. Sign in again at /dashboard.")
  return session.key
}

/**
 * Browsers say where a request comes from (Fetch Metadata) on origins that they trust, and on others at least the origin of what is no
 * plain reading. `none` is the user: an address typed in, or opened from a bookmark.
 */
function isSameOrigin({ headers }: Request): boolean {
  const site = headers["sec-fetch-site"]
  if (site !== undefined) return site === "same-origin" || site === "none"
  const { origin, host } = headers
  return origin === undefined || URL.parse(origin)?.host === host
}

function refused(detail: string): Problem {
  return new Problem({ code: "unauthenticated", detail, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } })
}
