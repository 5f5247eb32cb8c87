import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { faultsOfTiers } from "../../packages/engine/src/index.ts"
import { loadConfiguration } from "../../packages/runtime/src/index.ts"

test("sluice.example.yaml is valid and shows every provider and every tier, with rules that exist", async () => {
  const path = fileURLToPath(new URL("../../sluice.example.yaml", import.meta.url))
  const { endpoints, routes } = await loadConfiguration({ path })
  const providers = Object.values(endpoints).map(({ provider }) => provider)
  expect(new Set(providers)).toEqual(new Set(["openai", "azure-openai", "anthropic", "http"]))
  expect(routes.chat?.tiers.map(({ name }) => name)).toEqual(["primary", "fallback", "rules", "cache", "static"])
  expect(Object.values(routes).flatMap((route) => faultsOfTiers(route))).toEqual([])
})
