import { expect, test } from "vitest"
import { listPriceOf } from "./list-price.ts"

test.each([
  ["openai", "gpt-4o-mini", { inputPerMillionUsd: 0.15, cachedInputPerMillionUsd: 0.08, outputPerMillionUsd: 0.6 }],
  ["azure-openai", "gpt-4o-mini", { inputPerMillionUsd: 0.15, outputPerMillionUsd: 0.6 }],
] as const)("knows what %s asks for %s, under its dated name too", (provider, model, price) => {
  expect(listPriceOf({ provider, model })).toMatchObject(price)
  expect(listPriceOf({ provider, model: `${model}-2024-07-18` })).toEqual(listPriceOf({ provider, model }))
})

test("knows Anthropic's dated names", () => {
  expect(listPriceOf({ provider: "anthropic", model: "claude-sonnet-4-20250514" })).toMatchObject({
    inputPerMillionUsd: 3,
    outputPerMillionUsd: 15,
  })
})

test("knows nothing of models that are not listed, and guesses nothing", () => {
  expect(listPriceOf({ provider: "openai", model: "my-fine-tune" })).toBeNull()
  expect(listPriceOf({ provider: "openai", model: "constructor" })).toBeNull()
  expect(listPriceOf({ provider: "http", model: "gpt-4o-mini" })).toBeNull()
})
