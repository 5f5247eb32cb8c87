import type { Fault } from "./explain-issues.ts"

const anyEndpoint = { provider: "openai", baseUrl: "https://masked.invalid", model: "masked" }
const anyTier = { name: "cache" }

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function maskRoute(routes: Record<string, unknown>, [name, key, index]: readonly string[]): void {
  if (name === undefined) return
  const route = routes[name]
  const tier = Number(index)
  if (!isRecord(route) || key === undefined) delete routes[name]
  else if (key !== "tiers") delete route[key]
  else if (Array.isArray(route.tiers) && tier in route.tiers) route.tiers[tier] = anyTier
  else delete routes[name]
}

/**
 * A copy of the values in which every faulty endpoint and tier is a valid one of the same name or place, and other faulty parts
 * are gone. Null when what is left could not be judged: the endpoints or routes are missing altogether.
 */
export function maskFaults(value: unknown, faults: readonly Fault[]): unknown {
  if (!isRecord(value)) return null
  const masked = structuredClone(value)
  const { endpoints, routes } = masked
  if (!isRecord(endpoints) || !isRecord(routes)) return null
  for (const { path, isUnknownKey } of faults) {
    const [section = "", ...rest] = path.map(String)
    const [name] = rest
    if (isUnknownKey) continue
    if (section === "endpoints" && name !== undefined) endpoints[name] = anyEndpoint
    else if (section === "routes") maskRoute(routes, rest)
    else delete masked[section]
  }
  return masked
}
