import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { Ajv } from "ajv"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { configurationJsonSchema } from "../../packages/core/src/index.ts"
import { faultsOfTiers } from "../../packages/engine/src/index.ts"
import { loadConfiguration } from "../../packages/runtime/src/index.ts"

const path = fileURLToPath(new URL("../../sluice.example.yaml", import.meta.url))

test("sluice.example.yaml is valid and shows every provider and every tier, with rules that exist", async () => {
  const { endpoints, routes } = await loadConfiguration({ path })
  const providers = Object.values(endpoints).map(({ provider }) => provider)
  expect(new Set(providers)).toEqual(new Set(["openai", "azure-openai", "anthropic", "http"]))
  expect(routes.chat?.tiers.map(({ name }) => name)).toEqual(["primary", "fallback", "rules", "cache", "static"])
  expect(Object.values(routes).flatMap((route) => faultsOfTiers(route))).toEqual([])
})

describe("the JSON Schema for editors", async () => {
  const text = await readFile(path, "utf8")
  const validate = new Ajv({ allErrors: true, formats: { uri: URL.canParse, cidrv4: true, cidrv6: true } }).compile(
    configurationJsonSchema(),
  )
  const errorsOf = (yaml: string) =>
    validate(parse(yaml)) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)

  test("takes sluice.example.yaml", () => expect(errorsOf(text)).toEqual([]))

  test.each([
    ["an unknown key", "priority: 0", "prority: 0", "/endpoints/openai-eu must NOT have additional properties"],
    [
      "an unknown provider",
      "provider: anthropic",
      "provider: claude",
      "/endpoints/claude/provider must be equal to one of the allowed values",
    ],
    ["a secret", "file:/run/secrets/anthropic", "sk-ant-123", "/endpoints/claude/apiKey must match pattern"],
    ["text for a number", "timeoutMs: 60000", "timeoutMs: soon", "/endpoints/openai-eu/timeoutMs must be integer"],
    ["a name that is none", "  in-house:", "  In House:", "/endpoints property name must be valid"],
    ["a tier without endpoints", "endpoints: [embedder]", "endpoints: []", "must NOT have fewer than 1 items"],
    ["a missing key", "    model: classifier\n", "", "/endpoints/in-house must have required property 'model'"],
  ])("refuses %s", (_what, right, wrong, message) => {
    expect(text).toContain(right)
    expect(errorsOf(text.replace(right, wrong)).join("\n")).toContain(message)
  })
})
