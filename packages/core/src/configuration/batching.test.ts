import { expect, test } from "vitest"
import { batchBoundsOf } from "./batching.ts"
import { endpointConfig } from "./endpoint.ts"

const boundsOf = (extra: object) => batchBoundsOf(endpointConfig.parse({ provider: "openai", baseUrl: "http://a", model: "m", ...extra }))

test("calls are shared up to bounds that the endpoint may set", () => {
  expect(boundsOf({})).toEqual({ maxTexts: 96, maxTokens: 60_000, maxBytes: 1_048_576 })
  expect(boundsOf({ batching: { maxTexts: 2_048 } })).toEqual({ maxTexts: 2_048, maxTokens: 60_000, maxBytes: 1_048_576 })
})

test("one call takes no more than a tenth of a minute's tokens", () => {
  expect(boundsOf({ limits: { tokensPerMinute: 10_000 } })).toMatchObject({ maxTokens: 1_000 })
  expect(boundsOf({ limits: { tokensPerMinute: 10_000_000 }, batching: { maxTokens: 5_000 } })).toMatchObject({ maxTokens: 5_000 })
  expect(boundsOf({ limits: "off" })).toMatchObject({ maxTokens: 60_000 })
})

test("no call is shared where it is off, nor by a template that was not made for it", () => {
  expect(boundsOf({ batching: "off" })).toBeNull()
  expect(boundsOf({ provider: "http" })).toBeNull()
  expect(boundsOf({ provider: "http", batching: {} })).toMatchObject({ maxTexts: 96 })
})
