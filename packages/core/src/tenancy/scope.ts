/** What a key may do for its own tenant. */
export const tenantScopes = [
  "jobs:read",
  "jobs:write",
  "dead-letters:read",
  "dead-letters:write",
  "webhooks:read",
  "webhooks:write",
  "credentials:read",
  "credentials:write",
  "usage:read",
  "keys:read",
  "keys:write",
  "audit:read",
] as const

/** What concerns all tenants alike: routes, endpoints, queues, and the tenants themselves. */
export const operatorScopes = ["operate:read", "operate:write", "tenants:admin"] as const

export const scopes = [...tenantScopes, ...operatorScopes] as const
export type Scope = (typeof scopes)[number]

const areas = [...new Set(scopes.map(areaOf))]
const wildcards = ["*", "*:read", ...areas.map((area) => `${area}:*`)]
/** Every scope and every wildcard. */
export const grantNames: readonly string[] = [...scopes, ...wildcards]

/** Whether what a key was given includes a scope. */
export function holdsScope(granted: readonly string[], scope: Scope): boolean {
  return granted.some((one) => includes(one, scope))
}

/**
 * Those of `asked` that go beyond `held`. A wildcard is covered by the same or a wider one only, since it grows with later
 * releases: naming today's scopes one by one is not enough to give it.
 */
export function grantsBeyond(held: readonly string[], asked: readonly string[]): readonly string[] {
  return asked.filter((wanted) => !held.some((one) => includes(one, wanted)))
}

/** Whether one grant, a scope or a wildcard, includes another. */
function includes(grant: string, wanted: string): boolean {
  if (grant === wanted) return true
  if (grant === `${areaOf(wanted)}:*`) return true
  if (isOperators(wanted)) return false
  return grant === "*" || (grant === "*:read" && wanted.endsWith(":read"))
}

const operatorAreas: ReadonlySet<string> = new Set(operatorScopes.map(areaOf))

/** Whether a grant reaches what all tenants share. */
export function isOperators(grant: string): boolean {
  return operatorAreas.has(areaOf(grant))
}

function areaOf(grant: string): string {
  return grant.split(":", 1)[0] ?? ""
}
