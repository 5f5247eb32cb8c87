import { holdsScope, type Scope } from "@sluice/core"
import type { RequestHandler } from "express"
import { Problem } from "../problems/problem.ts"

/**
 * Lets pass who holds a scope. Goes right after `authentication`, before anything is read or looked up, so that the answer says
 * nothing of what exists.
 */
export function requireScope(scope: Scope): RequestHandler {
  return function checkScope(_request, response, next) {
    if (!holdsScope(response.locals.principal.scopes, scope)) throw scopeMissing([scope])
    next()
  }
}

export function scopeMissing(scopes: readonly string[]): Problem {
  const detail = `The key lacks ${scopes.join(", ")}. Use a key that has it; keys are made by POST /v1/api-keys or \`sluice keys create\`.`
  return new Problem({ code: "scope_missing", detail })
}
