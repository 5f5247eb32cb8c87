import type { Endpoint, Random } from "@sluice/core"

const defaultPriority = 0
const defaultWeight = 1

/**
 * The order in which to try a tier's endpoints: by priority, within one priority by weighted chance (A-Res: Efraimidis
 * and Spirakis, "Weighted random sampling with a reservoir", 2006), and one that has just failed last of its priority.
 */
export function orderEndpoints(endpoints: readonly Endpoint[], options: { random: Random; justFailed: string | null }): Endpoint[] {
  const keyed = endpoints.map((endpoint) => ({
    endpoint,
    priority: endpoint.priority ?? defaultPriority,
    key: endpoint.name === options.justFailed ? -1 : options.random() ** (1 / (endpoint.weight ?? defaultWeight)),
  }))
  return keyed.sort((a, b) => a.priority - b.priority || b.key - a.key).map(({ endpoint }) => endpoint)
}
