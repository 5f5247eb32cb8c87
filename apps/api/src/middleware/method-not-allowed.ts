import type { RequestHandler } from "express"
import { Problem } from "../problems/problem.ts"

export interface MethodNotAllowedOptions {
  /** What the address does have. */
  readonly allow: readonly string[]
}

/** The last of a route: answers OPTIONS, and refuses the methods that the route does not have. */
export function methodNotAllowed({ allow }: MethodNotAllowedOptions): RequestHandler {
  const header = allow.join(", ")
  return function refuseMethod(request, response) {
    if (request.method !== "OPTIONS") {
      const detail = `${request.method} is not possible here. Possible are ${header}.`
      throw new Problem({ code: "method_not_allowed", detail, headers: { Allow: header } })
    }
    response.setHeader("Allow", header)
    response.status(204).end()
  }
}
