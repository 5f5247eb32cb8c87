import { configuration } from "@sluice/core"
import { expect, test } from "vitest"
import { faultsOfConfiguration } from "./check-configuration.ts"

const endpoints = { a: { provider: "openai", baseUrl: "http://127.0.0.1:1/v1", model: "m" } }
const primary = { name: "primary", endpoints: ["a"] }

test("finds rules and embedding endpoints that do not exist, with their place in the file", () => {
  const similar = { threshold: 0.9, embedding: "b" }
  const chat = { tiers: [primary, { name: "rules", rule: "extractive-sumary" }], cache: { similar } }
  const faults = faultsOfConfiguration(configuration.parse({ endpoints, routes: { chat } }))
  expect(faults.map(({ path }) => path.join("."))).toEqual(["routes.chat.tiers.1.rule", "routes.chat.cache.similar.embedding"])
  expect(faults.map(({ message }) => message)).toEqual([
    expect.stringContaining('There is no rule "extractive-sumary". Known: extractive-summary'),
    'There is no endpoint "b". Known: a.',
  ])
})

test("finds nothing where all is well", () => {
  const chat = { tiers: [primary, { name: "cache" }], cache: { similar: { threshold: 0.9, embedding: "a" } } }
  expect(faultsOfConfiguration(configuration.parse({ endpoints, routes: { chat } }))).toEqual([])
})
