import type { Express } from "express"

/** Every method and path that the app has a route for, as OpenAPI spells them: `GET /v1/jobs/{id}`. */
export function mountedCalls({ router }: Express): string[] {
  return router.stack.flatMap(({ route }) => {
    if (!route) return []
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}")
    const methods = route.stack.map(({ method }) => method).filter((method) => typeof method === "string")
    return [...new Set(methods)].map((method) => `${method.toUpperCase()} ${path}`)
  })
}
