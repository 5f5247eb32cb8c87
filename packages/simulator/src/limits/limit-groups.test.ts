import { describe, expect, test } from "vitest"
import { createLimitGroups, type LimitSettings } from "./limit-groups.ts"

const settings: LimitSettings = { requestsPerMinute: 2, tokensPerMinute: 100, burstMs: 60_000, scope: "key-and-model" }
const caller = { key: "a", model: "small" }

function groupOf(changes: Partial<LimitSettings> = {}, now = () => 0) {
  const group = createLimitGroups({ ...settings, ...changes }, now)(caller)
  if (group === null) throw new Error("There are limits, so there is a group.")
  return group
}

describe("a limit group", () => {
  test("refuses a request over the allowance of requests and says how long to wait", () => {
    const group = groupOf()
    expect(group.admit(1)).toBeNull()
    expect(group.admit(1)).toBeNull()
    expect(group.admit(1)).toEqual({ limit: "requests", perMinute: 2, remaining: 0, requested: 1, waitMs: 30_000 })
  })

  test("refuses a request over the allowance of tokens", () => {
    const group = groupOf()
    expect(group.admit(80)).toBeNull()
    expect(group.admit(50)).toEqual({ limit: "tokens", perMinute: 100, remaining: 20, requested: 50, waitMs: 18_000 })
  })

  test("charges nothing for a refused request", () => {
    const group = groupOf()
    group.admit(80)
    group.admit(50)
    expect(group.state()).toMatchObject({ requests: { remaining: 1 }, tokens: { remaining: 20 } })
  })

  test("gives back what was charged for output that did not come", () => {
    const group = groupOf()
    group.admit(80)
    group.settle({ chargedTokens: 80, usedTokens: 10 })
    expect(group.state().tokens?.remaining).toBe(90)
  })

  test("names no wait for a request that is larger than the whole allowance", () => {
    expect(groupOf().admit(101)).toMatchObject({ limit: "tokens", waitMs: null })
  })

  test("enforces one limit without the other", () => {
    const group = groupOf({ requestsPerMinute: null })
    for (let call = 0; call < 10; call++) expect(group.admit(10)).toBeNull()
    expect(group.admit(10)).toMatchObject({ limit: "tokens" })
    expect(group.state().requests).toBeNull()
  })

  test("refills with time", () => {
    let nowMs = 0
    const group = groupOf({}, () => nowMs)
    group.admit(1)
    group.admit(1)
    nowMs = 30_000
    expect(group.admit(1)).toBeNull()
  })
})

describe("limit groups", () => {
  test("keep keys and models apart", () => {
    const groups = createLimitGroups({ ...settings, requestsPerMinute: 1 }, () => 0)
    expect(groups(caller)?.admit(1)).toBeNull()
    expect(groups(caller)?.admit(1)).not.toBeNull()
    expect(groups({ ...caller, key: "b" })?.admit(1)).toBeNull()
    expect(groups({ ...caller, model: "large" })?.admit(1)).toBeNull()
  })

  test("of scope all are one", () => {
    const groups = createLimitGroups({ ...settings, requestsPerMinute: 1, scope: "all" }, () => 0)
    expect(groups(caller)?.admit(1)).toBeNull()
    expect(groups({ key: "b", model: "large" })?.admit(1)).not.toBeNull()
  })

  test("do not exist without limits", () => {
    expect(createLimitGroups({ ...settings, requestsPerMinute: null, tokensPerMinute: null }, () => 0)(caller)).toBeNull()
  })
})
