import type { Endpoint, EndpointConfig, Price } from "@sluice/core"
import type { Logger } from "../logger/create-logger.ts"

export type PriceEndpoints = (endpoints: ReadonlyMap<string, Endpoint>) => ReadonlyMap<string, Endpoint>

export interface PricingOptions {
  /** What the vendor asks for the model; null when that is not known. */
  readonly listPriceOf: (endpoint: EndpointConfig) => Price | null
  readonly logger: Pick<Logger, "warn">
}

/** Gives endpoints without a price of their own the model's list price, marked as such. Tells of each model without either once. */
export function createEndpointPricing({ listPriceOf, logger }: PricingOptions): PriceEndpoints {
  const told = new Set<string>()
  function tell({ name, provider, model }: Endpoint): void {
    const key = `${provider} ${model}`
    if (told.has(key)) return
    told.add(key)
    const advice = `no price is known for ${model} of ${provider}: what it costs is not counted, nor held against budgets. Set the endpoint's price.`
    logger.warn({ endpoint: name, provider, model }, advice)
  }
  function priced(endpoint: Endpoint): Endpoint {
    if (endpoint.price) return endpoint
    const price = listPriceOf(endpoint)
    if (price) return { ...endpoint, price, isPriceEstimated: true }
    tell(endpoint)
    return endpoint
  }
  return (endpoints) => new Map(Array.from(endpoints, ([name, endpoint]) => [name, priced(endpoint)]))
}
