import { describe, expect, test } from "vitest"
import { type ClassificationRule, classifyFailure } from "./classify-failure.ts"

const failure = (status: number, codes: string[] = [], words = "") => ({ status, codes, words })

describe("classifyFailure", () => {
  test.each([
    [301, "provider_internal"],
    [400, "invalid_input"],
    [401, "provider_auth"],
    [402, "provider_quota"],
    [403, "provider_auth"],
    [404, "invalid_input"],
    [407, "provider_auth"],
    [408, "timeout"],
    [409, "invalid_input"],
    [413, "invalid_input"],
    [422, "invalid_input"],
    [429, "rate_limited"],
    [451, "invalid_input"],
    [499, "timeout"],
    [500, "provider_internal"],
    [501, "provider_internal"],
    [502, "provider_internal"],
    [503, "overloaded"],
    [504, "timeout"],
    [520, "provider_internal"],
    [522, "timeout"],
    [524, "timeout"],
    [529, "overloaded"],
    [599, "provider_internal"],
  ])("%i means %s by itself", (status, expected) => {
    expect(classifyFailure(failure(status), [])).toBe(expected)
  })

  const rules: ClassificationRule[] = [
    { status: [429], code: ["quota"], type: "provider_quota" },
    { status: [400], code: /^filter/, text: /blocked/, type: "content_filter" },
    { status: [400], text: /too long/, type: "context_length" },
    { code: ["everywhere"], type: "overloaded" },
  ]

  test("the first rule of which all conditions hold decides", () => {
    expect(classifyFailure(failure(429, ["other", "quota"]), rules)).toBe("provider_quota")
    expect(classifyFailure(failure(400, ["filter_x"], "it was blocked, too long"), rules)).toBe("content_filter")
    expect(classifyFailure(failure(400, ["filter_x"], "too long"), rules)).toBe("context_length")
    expect(classifyFailure(failure(418, ["everywhere"]), rules)).toBe("overloaded")
  })

  test("a code or text counts only beside its status", () => {
    expect(classifyFailure(failure(500, ["quota"], "too long"), rules)).toBe("provider_internal")
  })
})
