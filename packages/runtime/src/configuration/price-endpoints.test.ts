import type { Endpoint } from "@sluice/core"
import { expect, test, vi } from "vitest"
import { createEndpointPricing } from "./price-endpoints.ts"

const endpoint = (name: string, more: Partial<Endpoint> = {}): Endpoint => ({
  name,
  provider: "openai",
  baseUrl: "http://x",
  model: name,
  ...more,
})

test("an endpoint's own price wins; else the list price, marked; models without either are told of once", () => {
  const warn = vi.fn()
  const listPriceOf = ({ model }: { model: string }) => (model === "listed" ? { inputPerMillionUsd: 1 } : null)
  const price = createEndpointPricing({ listPriceOf, logger: { warn } })
  const own = endpoint("own", { price: { perCallUsd: 2 } })
  const endpoints = new Map([own, endpoint("listed"), endpoint("unknown")].map((each) => [each.name, each]))
  const priced = price(endpoints)
  expect(priced.get("own")).toBe(own)
  expect(priced.get("listed")).toMatchObject({ price: { inputPerMillionUsd: 1 }, isPriceEstimated: true })
  expect(priced.get("unknown")?.price).toBeUndefined()
  price(endpoints)
  expect(warn).toHaveBeenCalledTimes(1)
  expect(warn.mock.calls[0]?.[1]).toContain("unknown of openai")
})
