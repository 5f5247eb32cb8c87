import { hash, timingSafeEqual } from "node:crypto"
import type { RequestHandler } from "express"
import { Problem } from "../problems/problem.ts"
import { headerProblem } from "../problems/validation-problem.ts"

export interface AuthenticationOptions {
  /** May act for every tenant. */
  readonly adminKey: string
  /** For whom it acts when `x-sluice-tenant` does not say. */
  readonly defaultTenant?: string
}

const bearer = /^Bearer +(\S+) *$/i
const tenantName = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/

/**
 * Lets a request pass that carries a valid key, and notes for which tenant it acts. Keys are compared by their digests
 * in constant time, so that the time taken tells nothing of the key.
 */
export function authentication({ adminKey, defaultTenant = "default" }: AuthenticationOptions): RequestHandler {
  const adminDigest = digestOf(adminKey)
  return function authenticate(request, response, next) {
    const { authorization } = request.headers
    if (authorization === undefined) throw unauthenticated("The request has no key. Send `Authorization: Bearer sk_...`.")
    const key = bearer.exec(authorization)?.[1]
    if (key === undefined) throw unauthenticated("The Authorization header is not of the form `Bearer sk_...`.")
    if (!timingSafeEqual(digestOf(key), adminDigest)) throw unauthenticated("The key is not known here.", 'Bearer error="invalid_token"')
    response.locals.tenantId = tenantOf(request.headers["x-sluice-tenant"], defaultTenant)
    next()
  }
}

function tenantOf(named: string | string[] | undefined, defaultTenant: string): string {
  if (named === undefined) return defaultTenant
  if (typeof named === "string" && tenantName.test(named)) return named
  const detail = "Expected a tenant's name: 1 to 64 lower case letters, digits, dashes or underscores."
  throw headerProblem({ name: "x-sluice-tenant", detail })
}

function unauthenticated(detail: string, challenge = "Bearer"): Problem {
  return new Problem({ code: "unauthenticated", detail, headers: { "WWW-Authenticate": challenge } })
}

function digestOf(key: string): Buffer {
  return hash("sha256", key, "buffer")
}
