import type { Request } from "express"

/** The route that a request matched, e.g. `/v1/jobs/:id`; null where none did. Known once its handlers have begun. */
export function routeTemplate(request: Request): string | null {
  const route: unknown = request.route?.path
  return typeof route === "string" ? request.baseUrl + route : null
}
