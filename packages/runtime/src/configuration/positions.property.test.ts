import fc from "fast-check"
import { expect, test } from "vitest"
import { stringify } from "yaml"
import { ConfigurationError } from "./configuration-error.ts"
import { parseConfiguration } from "./parse-configuration.ts"

const names = fc.stringMatching(/^[a-z0-9]([a-z0-9_-]{0,8}[a-z0-9])?$/)
const ms = fc.integer({ min: 1, max: 100_000 })

const endpoint = fc.record(
  {
    provider: fc.constantFrom("openai", "azure-openai", "anthropic", "http"),
    baseUrl: fc.constant("http://127.0.0.1:9100/v1"),
    model: fc.string({ minLength: 1, maxLength: 80 }),
    apiKey: fc.constant("env:KEY"),
    headers: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string(), { maxKeys: 3 }),
    limits: fc.record({ requestsPerMinute: ms, concurrency: ms }, { requiredKeys: [] }),
    timeoutMs: ms,
    breaker: fc.oneof(fc.constant("off"), fc.record({ windowMs: ms, openMs: ms }, { requiredKeys: [] })),
  },
  { requiredKeys: ["provider", "baseUrl", "model"] },
)

const configurations = fc.dictionary(names, endpoint, { minKeys: 1, maxKeys: 4 }).chain((endpoints) => {
  const known = fc.array(fc.constantFrom(...Object.keys(endpoints)), { minLength: 1, maxLength: 3 })
  const route = known.chain((primary) =>
    fc.record(
      {
        canary: fc.record({
          messages: fc.array(fc.record({ role: fc.constant("user"), content: fc.string() }), { minLength: 1, maxLength: 3 }),
        }),
        degradeAfterMs: ms,
        tiers: fc.constant([{ name: "primary", endpoints: primary }, { name: "cache" }]),
      },
      { requiredKeys: ["tiers"] },
    ),
  )
  return fc.record({ endpoints: fc.constant(endpoints), routes: fc.dictionary(names, route, { minKeys: 1, maxKeys: 3 }) })
})

const marker = "zz-injected-zz"

type Values = { endpoints: Record<string, Record<string, unknown>>; routes: Record<string, { tiers: { endpoints?: string[] }[] }> }

/** Each spoils one place; the marker stands on the line that is wrong. */
const injections: ((values: Values, pick: <T>(items: T[]) => T) => void)[] = [
  ({ endpoints }, pick) => Object.assign(pick(Object.values(endpoints)), { [marker]: 1 }),
  ({ endpoints }, pick) => Object.assign(pick(Object.values(endpoints)), { provider: marker }),
  ({ endpoints }, pick) => Object.assign(pick(Object.values(endpoints)), { weight: marker }),
  ({ endpoints }, pick) => Object.assign(pick(Object.values(endpoints)), { limits: { tokensPerMinute: marker } }),
  ({ routes }, pick) => pick(Object.values(routes)).tiers[0]?.endpoints?.push(marker),
  ({ routes }, pick) => Object.assign(pick(Object.values(routes)), { [marker]: { deep: [1] } }),
  ({ routes }, pick) => Object.assign(pick(Object.values(routes)), { kind: marker }),
  ({ routes }, pick) => pick(Object.values(routes)).tiers.push({ name: marker } as object),
  (values) => Object.assign(values, { [marker]: "x" }),
]

test("an error injected into a valid configuration is reported alone, and on its line", () => {
  fc.assert(
    fc.property(configurations, fc.constantFrom(...injections), fc.nat(), fc.constantFrom(2, 4), (values, inject, index, indent) => {
      const layout = { indent, aliasDuplicateObjects: false }
      const whole = stringify(values, layout)
      expect(() => parseConfiguration({ text: whole, fileName: "f" })).not.toThrow()

      const spoilt = structuredClone(values) as unknown as Values
      inject(spoilt, (items) => {
        const item = items[index % items.length]
        if (item === undefined) throw new Error("nothing to pick from")
        return item
      })
      const text = stringify(spoilt, layout)
      const line = text.split("\n").findIndex((content) => content.includes(marker)) + 1
      let issues: ConfigurationError["issues"] = []
      try {
        parseConfiguration({ text, fileName: "f" })
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error
        issues = error.issues
      }
      expect(issues.map((issue) => issue.line)).toEqual([line])
      const content = text.split("\n")[line - 1] ?? ""
      expect(content.slice((issues[0]?.column ?? 0) - 1)).toMatch(new RegExp(`^["']?${marker}`))
    }),
    { numRuns: 200 },
  )
})
