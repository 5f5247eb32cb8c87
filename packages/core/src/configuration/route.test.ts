import { expect, test } from "vitest"
import { routeConfig } from "./route.ts"

const tiers = [{ name: "primary", endpoints: ["a"] }]

test("direct answers to similar prompts need to know how long an answer holds", () => {
  const similar = { threshold: 0.95, direct: true }
  expect(routeConfig.safeParse({ tiers, cache: { similar } }).error?.issues).toMatchObject([
    { path: ["cache", "similar", "direct"], message: expect.stringContaining("exact: { ttlMs }") },
  ])
  expect(routeConfig.safeParse({ tiers, cache: { similar, exact: { ttlMs: 1 } } }).success).toBe(true)
  expect(routeConfig.safeParse({ tiers, cache: { similar: { ...similar, direct: false } } }).success).toBe(true)
})

test("a rules tier may have another rule for a task", () => {
  const rules = { name: "rules", rule: "extractive-summary", tasks: { sentiment: { rule: "keyword-sentiment", options: { a: 1 } } } }
  expect(routeConfig.parse({ tiers: [...tiers, rules] }).tiers[1]).toEqual(rules)
  const unnamed = { ...rules, tasks: { sentiment: { options: {} } } }
  expect(routeConfig.safeParse({ tiers: [...tiers, unnamed] }).error?.issues[0]?.path).toEqual(["tiers", 1, "tasks", "sentiment", "rule"])
})
