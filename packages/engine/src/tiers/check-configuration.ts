import type { Configuration } from "@sluice/core"
import { faultsOfTiers, type TierFault } from "./check-tiers.ts"

/** What is wrong with a configuration that fits the schema: rules and endpoints that do not exist, tiers that can never answer. */
export function faultsOfConfiguration({ routes, endpoints }: Configuration): readonly TierFault[] {
  return Object.entries(routes).flatMap(([name, route]) => {
    const embedding = route.cache?.similar?.embedding
    const missing = embedding !== undefined && !Object.hasOwn(endpoints, embedding)
    const known = Object.keys(endpoints).join(", ")
    const unknown = missing
      ? [{ path: ["cache", "similar", "embedding"], message: `There is no endpoint "${embedding}". Known: ${known}.` }]
      : []
    return [...faultsOfTiers(route), ...unknown].map(({ path, message }) => ({ path: ["routes", name, ...path], message }))
  })
}
