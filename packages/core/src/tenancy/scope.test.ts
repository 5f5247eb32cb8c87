import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { grant } from "./grant.ts"
import { grantsBeyond, holdsScope, operatorScopes, type Scope, scopes, tenantScopes } from "./scope.ts"

const wildcards = ["*", "*:read", "jobs:*", "keys:*", "operate:*", "tenants:*"]
const anyGrants = fc.uniqueArray(fc.constantFrom(...scopes, ...wildcards), { maxLength: 6 })

describe("scopes", () => {
  test("every scope and wildcard can be granted, and nothing else", () => {
    for (const one of [...scopes, ...wildcards]) expect(grant.safeParse(one).success).toBe(true)
    for (const one of ["", "jobs", "jobs:", "jobs:all", "*:write", "*:*", "JOBS:read", "jobs:read ", "__proto__"]) {
      expect(grant.safeParse(one).success).toBe(false)
    }
  })

  test("a wildcard over everything stays within the tenant", () => {
    for (const scope of tenantScopes) expect(holdsScope(["*"], scope)).toBe(true)
    for (const scope of operatorScopes) {
      expect(holdsScope(["*", "*:read"], scope)).toBe(false)
      expect(grantsBeyond(["*", "*:read"], [scope])).toEqual([scope])
    }
  })

  test.each<[string, Scope, boolean]>([
    ["jobs:*", "jobs:write", true],
    ["jobs:*", "webhooks:read", false],
    ["*:read", "jobs:read", true],
    ["*:read", "jobs:write", false],
    ["operate:*", "operate:write", true],
    ["operate:*", "tenants:admin", false],
    ["jobs:read", "jobs:write", false],
  ])("%s holds %s: %s", (granted, scope, expected) => {
    expect(holdsScope([granted], scope)).toBe(expected)
  })

  test("naming all of an area is not enough to give its wildcard", () => {
    expect(grantsBeyond(["jobs:read", "jobs:write"], ["jobs:*", "jobs:read"])).toEqual(["jobs:*"])
    expect(grantsBeyond([...scopes], ["*"])).toEqual(["*"])
    expect(grantsBeyond(["*"], ["*", "*:read", "jobs:*", "jobs:read"])).toEqual([])
    expect(grantsBeyond(["*:read"], ["*:read", "jobs:*"])).toEqual(["jobs:*"])
  })

  test("nothing that was given within one's own grants holds a scope that one does not hold", () => {
    fc.assert(
      fc.property(anyGrants, anyGrants, (held, asked) => {
        const given = asked.filter((one) => grantsBeyond(held, [one]).length === 0)
        for (const scope of scopes) if (holdsScope(given, scope)) expect(holdsScope(held, scope)).toBe(true)
      }),
    )
  })
})
