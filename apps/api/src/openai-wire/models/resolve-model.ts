import type { Kind, RouteConfig } from "@sluice/core"
import type { Catalog } from "@sluice/engine"
import { OpenaiError } from "../errors/openai-error.ts"

/**
 * The route that a request's `model` means: the one of this name, or else the only one of this kind whose primary tier has an endpoint
 * with this model. Throws OpenAI's own 404 for what means none.
 */
export function routeOf(catalog: Catalog, { model, kind }: { readonly model: string; readonly kind: Kind }): string {
  const named = Object.hasOwn(catalog.routes, model) ? catalog.routes[model] : undefined
  if (named?.kind === kind) return model
  if (named) throw modelNotFound(`The model '${model}' is a route of kind ${named.kind}, and cannot be asked for ${kind} here.`)
  const serving = routesServing(catalog, model).filter((name) => catalog.routes[name]?.kind === kind)
  const [only] = serving
  if (only !== undefined && serving.length === 1) return only
  throw only === undefined ? unknownModel(catalog, { model, kind }) : ambiguousModel(model, serving)
}

/** The routes whose primary tier has an endpoint with this model. */
export function routesServing({ routes, endpoints }: Catalog, model: string): readonly string[] {
  return Object.entries(routes).flatMap(([name, route]) =>
    primaryEndpoints(route).some((endpoint) => endpoints.get(endpoint)?.model === model) ? [name] : [],
  )
}

function primaryEndpoints({ tiers: [primary] }: RouteConfig): readonly string[] {
  return primary && "endpoints" in primary ? primary.endpoints : []
}

function unknownModel({ routes }: Catalog, { model, kind }: { readonly model: string; readonly kind: Kind }): OpenaiError {
  const known = Object.keys(routes).filter((name) => routes[name]?.kind === kind)
  const choice = known.length === 0 ? `This installation has no ${kind} routes.` : `Name a route (${known.join(", ")}).`
  return modelNotFound(`The model '${model}' does not exist. ${choice}`)
}

function ambiguousModel(model: string, serving: readonly string[]): OpenaiError {
  return modelNotFound(`The model '${model}' is served by several routes. Name one of them: ${serving.join(", ")}.`)
}

export function modelNotFound(message: string): OpenaiError {
  return new OpenaiError({ status: 404, type: "invalid_request_error", code: "model_not_found", param: "model", message })
}
