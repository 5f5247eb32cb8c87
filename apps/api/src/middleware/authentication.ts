import { hash, timingSafeEqual } from "node:crypto"
import { adminScopes, defaultTenantId, holdsScope, type Principal } from "@sluice/core"
import type { KeyRing, KeyVerdict, LiveTenantDirectory, TenantLimits } from "@sluice/engine"
import type { Request, RequestHandler } from "express"
import { sessionKeyOf } from "../dashboard/session-key.ts"
import type { DashboardSessions } from "../dashboard/sessions.ts"
import { Problem } from "../problems/problem.ts"
import { headerProblem } from "../problems/validation-problem.ts"
import { applyLimits } from "./limits/apply-limits.ts"
import { scopeMissing } from "./require-scope.ts"

export interface AuthenticationOptions {
  /** May act for every tenant. */
  readonly adminKey: string
  /** The keys that were made for tenants. */
  readonly keys: Pick<KeyRing, "verify">
  readonly tenants: Pick<LiveTenantDirectory, "isDisabled" | "loaded">
  readonly limits: Pick<TenantLimits, "admit">
  /** Of browsers that have signed in to the dashboard. */
  readonly sessions: DashboardSessions
}

const bearer = /^Bearer +(\S+) *$/i
const tenantName = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/

/**
 * Lets a request pass that carries a valid key, or the session of a browser that has signed in with one, and notes who calls, for which tenant, and what they may do. The admin key is
 * compared by its digest in constant time, so that the time taken tells nothing of it. The request counts for the tenant's limits,
 * and so do the `jobs` that it is about to submit.
 */
export function authentication(options: AuthenticationOptions, { jobs = 0 }: { readonly jobs?: number } = {}): RequestHandler {
  const adminDigest = digestOf(options.adminKey)
  return async function authenticate(request, response, next) {
    const text = keyOf(request) ?? (await sessionKeyOf(request, options.sessions))
    if (text === null) throw unauthenticated("The request has no key. Send `Authorization: Bearer sk_...`.")
    const isAdmin = timingSafeEqual(digestOf(text), adminDigest)
    const principal = isAdmin ? adminFor(request) : await principalOf(options, text, request)
    response.locals.principal = principal
    response.locals.tenantId = principal.tenantId
    await applyLimits(options.limits, response, { jobs })
    next()
  }
}

function keyOf({ headers: { authorization } }: Request): string | null {
  if (authorization === undefined) return null
  const key = bearer.exec(authorization)?.[1]
  if (key === undefined) throw unauthenticated("The Authorization header is not of the form `Bearer sk_...`.")
  return key
}

function adminFor(request: Request): Principal {
  return { actor: "admin", tenantId: namedTenant(request) ?? defaultTenantId, scopes: adminScopes, expiresAt: null }
}

async function principalOf({ keys, tenants }: AuthenticationOptions, text: string, request: Request): Promise<Principal> {
  const { id, tenantId, scopes, expiresAt } = validKey(await keys.verify(text))
  await tenants.loaded()
  if (tenants.isDisabled(tenantId)) throw invalidToken("The tenant of this key is disabled.")
  const named = namedTenant(request)
  if (named !== null && named !== tenantId && !holdsScope(scopes, "tenants:admin")) throw scopeMissing(["tenants:admin"])
  return { actor: id, tenantId: named ?? tenantId, scopes, expiresAt }
}

function validKey(verdict: KeyVerdict) {
  switch (verdict.kind) {
    case "valid":
      return verdict.key
    case "unknown":
      throw invalidToken("The key is not known here.")
    case "expired":
      throw invalidToken("The key has expired.")
    case "revoked":
      throw invalidToken("The key has been revoked.")
  }
}

/** For whom the caller wants to act, if it says so. */
function namedTenant({ headers }: Request): string | null {
  const named = headers["x-sluice-tenant"]
  if (named === undefined) return null
  if (typeof named === "string" && tenantName.test(named)) return named
  const detail = "Expected a tenant's name: 1 to 64 lower case letters, digits, dashes or underscores."
  throw headerProblem({ name: "x-sluice-tenant", detail })
}

function invalidToken(detail: string): Problem {
  return unauthenticated(detail, 'Bearer error="invalid_token"')
}

function unauthenticated(detail: string, challenge = "Bearer"): Problem {
  return new Problem({ code: "unauthenticated", detail, headers: { "WWW-Authenticate": challenge } })
}

function digestOf(key: string): Buffer {
  return hash("sha256", key, "buffer")
}
