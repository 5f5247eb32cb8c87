import { describe, expect, test } from "vitest"
import { routeOf } from "../cache/testing/answer-cache-harness.ts"
import { faultsOfTiers } from "./check-tiers.ts"

const primary = { name: "primary", endpoints: ["a"] }
const faults = (tier: object, kind = "chat") => faultsOfTiers(routeOf({ kind, tiers: [primary, tier] }))

describe("the check of a route's tiers", () => {
  test("finds nothing wrong with what works", () => {
    const summary = { name: "rules", rule: "extractive-summary", options: { sentences: 2 } }
    const tasks = { sentiment: { rule: "keyword-sentiment" }, order: { rule: "template", options: { output: "{{text}}" } } }
    expect(faults({ ...summary, tasks })).toEqual([])
    expect(faults({ name: "static", output: { anything: 1 }, tasks: { a: "b" } })).toEqual([])
    expect(faults({ name: "static", output: { embeddings: [[0]], dimensions: 1 } }, "embedding")).toEqual([])
    expect(faults({ name: "cache" })).toEqual([])
  })

  test("names the rules that there are", () => {
    expect(faults({ name: "rules", rule: "extractive-sumary" })).toEqual([
      {
        path: ["tiers", 1, "rule"],
        message: 'There is no rule "extractive-sumary". Known: extractive-summary, keyword-sentiment, template.',
      },
    ])
    expect(faults({ name: "rules", rule: "template", options: { output: "x" }, tasks: { a: { rule: "b" } } })).toMatchObject([
      { path: ["tiers", 1, "tasks", "a", "rule"] },
    ])
  })

  test("says which kinds a rule can answer", () => {
    expect(faults({ name: "rules", rule: "keyword-sentiment" }, "image")).toEqual([
      {
        path: ["tiers", 1, "rule"],
        message: 'The rule "keyword-sentiment" answers routes of kind chat and custom; this one is of kind image.',
      },
    ])
  })

  test.each([
    [{ rule: "extractive-summary", options: { sentences: 0 } }, ["sentences"]],
    [{ rule: "extractive-summary", options: { json: "{{sentiment}}" } }, ["json"]],
    [{ rule: "keyword-sentiment", options: { positive: "good" } }, ["positive"]],
    [{ rule: "keyword-sentiment", options: { surprise: 1 } }, []],
    [{ rule: "template" }, ["output"]],
  ])("finds wrong options: %j", (rule, path) => {
    expect(faults({ name: "rules", ...rule })).toMatchObject([{ path: ["tiers", 1, "options", ...path] }])
  })

  test("finds static outputs that are none, and a cache of what is not kept", () => {
    expect(faults({ name: "static", output: { text: "sorry" } }, "embedding")).toEqual([
      { path: ["tiers", 1, "output"], message: expect.stringContaining("expected { embeddings, dimensions }") },
    ])
    expect(faults({ name: "static", output: { images: [] }, tasks: { a: "sorry" } }, "image")).toMatchObject([
      { path: ["tiers", 1, "tasks", "a"] },
    ])
    expect(faults({ name: "cache" }, "image")).toMatchObject([{ path: ["tiers", 1], message: expect.stringContaining("not kept") }])
  })
})
