import type { Endpoint } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { buildBody } from "./build-body.ts"

type Params = NonNullable<Endpoint["params"]>

const endpoint = (params?: Params): Endpoint => ({
  name: "e",
  provider: "openai",
  baseUrl: "http://provider.test",
  model: "m",
  ...(params !== undefined && { params }),
})
const build = (converted: Record<string, unknown>, params?: Params, providerOptions?: Record<string, unknown>, fallbacks = {}) =>
  buildBody({ converted, providerOptions, reserved: ["model", "stream"], fallbacks, endpoint: endpoint(params) })

describe("buildBody", () => {
  test("lets provider options add and override", () => {
    expect(build({ model: "m", temperature: 1 }, undefined, { temperature: 0, reasoning_effort: "low" })).toEqual({
      model: "m",
      temperature: 0,
      reasoning_effort: "low",
    })
  })

  test("refuses reserved names, so that a caller cannot ask another model", () => {
    const attempt = () => build({ model: "m" }, undefined, { model: "gpt-expensive" })
    expect(attempt).toThrow('providerOptions cannot set "model" for openai; leave it out.')
    expect(attempt).toThrow(expect.objectContaining({ type: "invalid_input" }))
  })

  test("defaults yield to the request and win over the adapter's own", () => {
    expect(build({ a: 1 }, { defaults: { a: 2, b: 3 } }, undefined, { b: 4, c: 5 })).toEqual({ a: 1, b: 3, c: 5 })
  })

  test("renames, for defaults too, and a default yields to either name", () => {
    const rename = { max_tokens: "max_completion_tokens" }
    expect(build({ max_tokens: 9 }, { rename })).toEqual({ max_completion_tokens: 9 })
    expect(build({}, { rename, defaults: { max_tokens: 7 } })).toEqual({ max_completion_tokens: 7 })
    expect(build({ max_tokens: 9 }, { rename, defaults: { max_completion_tokens: 7 } })).toEqual({ max_completion_tokens: 9 })
    expect(build({}, { rename, defaults: { max_tokens: 7 } }, { max_completion_tokens: 9 })).toEqual({ max_completion_tokens: 9 })
  })

  test("drops what the request has; a default for it then always applies", () => {
    expect(build({ temperature: 0.2, top_p: 1 }, { drop: ["temperature"] })).toEqual({ top_p: 1 })
    expect(build({ temperature: 0.2 }, { drop: ["temperature"], defaults: { temperature: 1 } })).toEqual({ temperature: 1 })
  })
})
