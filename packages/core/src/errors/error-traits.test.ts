import { describe, expect, test } from "vitest"
import { isRetryable, traitsOf } from "./error-traits.ts"
import { errorTypes, providerErrorTypes } from "./error-type.ts"
import { ProviderError } from "./provider-error.ts"

describe("error traits", () => {
  test("only what is retryable is charged, and waiting for allowance never is", () => {
    for (const type of providerErrorTypes) if (traitsOf(type).charged) expect(traitsOf(type).retryable).toBe(true)
    expect(traitsOf("rate_limited")).toMatchObject({ retryable: true, charged: false, countsForBreaker: false })
  })

  test("what a caller may submit again", () => {
    const yes = errorTypes.filter(isRetryable)
    const faults = ["overloaded", "timeout", "network", "provider_internal", "malformed_response"]
    expect(yes).toEqual(["rate_limited", "provider_quota", ...faults, "provider_auth", "deadline_exceeded", "worker_lost"])
  })
})

test("ProviderError is recognised by its marker, not by its class", () => {
  const error = new ProviderError({ type: "overloaded", message: "a: busy", httpStatus: 503 })
  expect(ProviderError.isInstance(error)).toBe(true)
  expect(error.retryable).toBe(true)
  expect(ProviderError.isInstance(new Error("a: busy"))).toBe(false)
})
