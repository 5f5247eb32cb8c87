import type { Configuration, Endpoint, EndpointConfig } from "@sluice/core"

type Breaker = EndpointConfig["breaker"]

function mergeBreaker(own: Breaker, standard: Breaker): Breaker {
  if (own === undefined || standard === undefined) return own ?? standard
  return own === "off" || standard === "off" ? own : { ...standard, ...own }
}

function present<T extends object>(values: T): Partial<T> {
  const partial: Partial<T> = { ...values }
  for (const key in partial) if (partial[key] === undefined) delete partial[key]
  return partial
}

/**
 * The endpoints by name, completed by what `defaults` says about all. What an endpoint says itself wins, setting by setting;
 * `breaker: off` and breaker settings replace each other.
 */
export function resolveEndpoints(configuration: Configuration): Map<string, Endpoint> {
  const { breaker, timeoutMs, firstChunkMs, idleMs } = configuration.defaults
  const standard = present({ timeoutMs, firstChunkMs, idleMs })
  const resolved = Object.entries(configuration.endpoints).map(([name, own]): [string, Endpoint] => {
    const merged = mergeBreaker(own.breaker, breaker)
    return [name, { ...standard, ...own, ...present({ breaker: merged }), name }]
  })
  return new Map(resolved)
}
