import { type Configuration, providerErrorTypes, type RetryConfig, type RouteConfig } from "@sluice/core"

function mergeRetry(own: RetryConfig | undefined, standard: RetryConfig | undefined): RetryConfig | undefined {
  if (own === undefined || standard === undefined) return own ?? standard
  if (own === "off" || standard === "off") return own
  const merged = { ...standard }
  for (const type of providerErrorTypes) {
    const rule = own[type]
    if (rule !== undefined) merged[type] = { ...standard[type], ...rule }
  }
  return merged
}

/**
 * The routes by name, completed by the retries that `defaults` sets for all. What a route says itself wins, setting by setting
 * of each class of error; `retry: off` and rules replace each other.
 */
export function resolveRoutes(configuration: Configuration): Record<string, RouteConfig> {
  const resolved = Object.entries(configuration.routes).map(([name, own]): [string, RouteConfig] => {
    const retry = mergeRetry(own.retry, configuration.defaults.retry)
    return [name, retry === undefined ? own : { ...own, retry }]
  })
  return Object.fromEntries(resolved)
}
