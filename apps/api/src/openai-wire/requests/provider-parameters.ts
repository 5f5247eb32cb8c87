import { type Endpoint, isObject, type JsonObject, type ProviderName, type RouteConfig } from "@sluice/core"
import type { Catalog } from "@sluice/engine"
import { unsupportedParameter } from "../errors/openai-error.ts"

/** Those that speak the wire whose parameters these are. */
const speakers: readonly ProviderName[] = ["openai", "azure-openai"]

/** Tell the provider who asks or what to remember: an answer is none the worse where they mean nothing. */
const hints: ReadonlySet<string> = new Set([
  "user",
  "safety_identifier",
  "prompt_cache_key",
  "prompt_cache_retention",
  "prompt_cache_options",
])

/**
 * Parameters that are the provider's business, as options for providers of OpenAI's wire. Throws where the route has no endpoint
 * that would understand them: another provider would be sent the request without them.
 */
export function providerParameters(
  given: Readonly<Record<string, unknown>>,
  { catalog, route }: { readonly catalog: Catalog; readonly route: string },
): { readonly providerOptions?: Record<string, JsonObject> } {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined))
  if (Object.keys(set).length === 0) return {}
  const needed = Object.keys(set).find((name) => !hints.has(name))
  if (needed !== undefined && !endpointsOf(catalog, route).some(({ provider }) => speakers.includes(provider))) {
    throw unsupportedParameter(needed, `${needed} is not supported by ${route}: none of its endpoints speaks OpenAI's wire.`)
  }
  const options = jsonObjectOf(set)
  return { providerOptions: Object.fromEntries(speakers.map((name) => [name, options])) }
}

function endpointsOf({ routes, endpoints }: Catalog, route: string): readonly Endpoint[] {
  return endpointNames(routes[route]).flatMap((name) => endpoints.get(name) ?? [])
}

function endpointNames(route: RouteConfig | undefined): readonly string[] {
  return (route?.tiers ?? []).flatMap((tier) => ("endpoints" in tier ? tier.endpoints : []))
}

function jsonObjectOf(value: unknown): JsonObject {
  const copy: unknown = JSON.parse(JSON.stringify(value))
  return isJsonObject(copy) ? copy : {}
}

/** Of what `JSON.parse` made. */
function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value)
}
