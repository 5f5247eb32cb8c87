import { describe, expect, test } from "vitest"
import { maxAliasedValues } from "./check-aliases.ts"
import { ConfigurationError } from "./configuration-error.ts"
import { parseConfiguration } from "./parse-configuration.ts"

const valid = `# comment
endpoints:
  openai-eu:
    provider: openai
    baseUrl: https://api.openai.com/v1
    model: gpt-4o-mini
    apiKey: env:OPENAI_API_KEY
routes:
  chat:
    tiers:
      - name: primary
        endpoints: [openai-eu]
`

/** The message of each issue as a person sees it. */
function refusal(text: string): string[] {
  try {
    parseConfiguration({ text, fileName: "sluice.yaml" })
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split("\n")
    throw error
  }
  return []
}

const onLine = (line: number, replacement: string) =>
  valid
    .split("\n")
    .with(line - 1, replacement)
    .join("\n")

describe("parseConfiguration", () => {
  test("takes a configuration with the required keys alone, and fills in what was left out", () => {
    expect(parseConfiguration({ text: valid, fileName: "sluice.yaml" })).toMatchObject({
      endpoints: { "openai-eu": { model: "gpt-4o-mini" } },
      routes: { chat: { kind: "chat" } },
      tenants: {},
      webhooks: { allowPrivate: [] },
    })
  })

  const faults: [string, string, string][] = [
    [
      "an endpoint that does not exist",
      onLine(12, "        endpoints: [openai-eu, opnai-eu]"),
      'sluice.yaml:12:32 routes.chat.tiers[0].endpoints[1]: There is no endpoint "opnai-eu". Did you mean "openai-eu"?',
    ],
    [
      "a misspelt key",
      onLine(7, "    apikey: env:OPENAI_API_KEY"),
      "sluice.yaml:7:5 endpoints.openai-eu.apikey: Unknown key. Did you mean apiKey?",
    ],
    ["a missing key, at the entry that lacks it", onLine(6, ""), "sluice.yaml:3:3 endpoints.openai-eu.model: Missing. Expected text."],
    [
      "an empty value, at its key",
      onLine(6, "    model:"),
      "sluice.yaml:6:5 endpoints.openai-eu.model: Nothing stands here. Expected text.",
    ],
    [
      "a number where text belongs",
      onLine(6, "    model: 4"),
      "sluice.yaml:6:12 endpoints.openai-eu.model: Expected text, got 4. Put it in quotes.",
    ],
    [
      "a misspelt choice",
      onLine(4, "    provider: opnai"),
      'sluice.yaml:4:15 endpoints.openai-eu.provider: Expected openai, azure-openai, anthropic or http, got "opnai". Did you mean openai?',
    ],
    [
      "a misspelt tier",
      onLine(11, "      - name: primray"),
      'sluice.yaml:11:15 routes.chat.tiers[0].name: Expected primary, fallback, rules, cache or static, got "primray". Did you mean primary?',
    ],
    [
      "a tier without a name",
      onLine(11, "      -"),
      "sluice.yaml:12:9 routes.chat.tiers[0].name: Missing. Expected primary, fallback, rules, cache or static.",
    ],
    [
      "a name that is none, at the name",
      onLine(3, "  Openai EU:"),
      'sluice.yaml:3:3 endpoints["Openai EU"]: Expected 1 to 64 lower case letters, digits, dashes or underscores',
    ],
    [
      "a limit out of bounds",
      onLine(7, "    limits: { concurrency: 0 }"),
      "sluice.yaml:7:28 endpoints.openai-eu.limits.concurrency: Expected more than 0.",
    ],
    ["an empty list", onLine(12, "        endpoints: []"), "sluice.yaml:12:20 routes.chat.tiers[0].endpoints: Expected at least 1 item."],
    [
      "the branch of a union that was meant",
      onLine(7, "    breaker: { openMs: soon }"),
      "sluice.yaml:7:24 endpoints.openai-eu.breaker.openMs: Expected a number, got text. It is in milliseconds: 30 s are 30000.",
    ],
    [
      "a union of which nothing was meant",
      onLine(7, "    breaker: of"),
      'sluice.yaml:7:14 endpoints.openai-eu.breaker: Expected off, got "of". Did you mean off? Or: Expected a mapping, got text.',
    ],
    [
      "a misspelt class of error",
      onLine(9, "  chat:\n    retry: { timout: { retries: 1 } }"),
      "sluice.yaml:10:14 routes.chat.retry.timout: Unknown key. Did you mean timeout?",
    ],
    [
      "what JSON cannot hold",
      onLine(9, "  chat:\n    canary: { a: .nan }"),
      "sluice.yaml:10:18 routes.chat.canary.a: This fits none of the forms that are possible here.",
    ],
    ["a list for the whole", "- a\n", "sluice.yaml:1:1: Expected a mapping, got a list. Give each entry a name in place of its dash."],
    ["an empty file", "# nothing\n", "sluice.yaml:1:1: The file is empty. Start from sluice.example.yaml."],
    [
      "a key that stands twice",
      onLine(7, "    model: other"),
      "sluice.yaml:7:5 endpoints.openai-eu.model: This key stands twice in the same mapping. Keep one of them.",
    ],
    [
      "a second document",
      `${valid}---\na: 1\n`,
      "sluice.yaml:13:1 routes.chat.tiers[0].endpoints[0]: A second document begins here (---). The configuration is one document.",
    ],
    ["an unknown tag", onLine(6, "    model: !secret x"), "sluice.yaml:6:12 endpoints.openai-eu.model: Unresolved tag: !secret."],
    [
      "a prototype key",
      `${valid}__proto__: { a: 1 }\n`,
      "sluice.yaml:13:1 __proto__: Unknown key. Known: endpoints, routes, tenants, webhooks, deadLetters, defaults, retention, alerts, publicUrl, objectives.",
    ],
  ]
  test.each(faults)("points at %s", (_what, text, message) => {
    expect(refusal(text)).toEqual([message])
  })

  test("points at the place of a syntax error", () => {
    const text = onLine(6, '    model: "gpt')
    expect(refusal(text)[0]).toMatch(/^sluice\.yaml:\d+:\d+ endpoints\.openai-eu\.model: The text of this entry has no closing "\.$/)
  })

  test("tells all faults at once, in the order of the file, also those between sections", () => {
    const text = `endpoints:
  a: { provider: opnai, baseUrl: nowhere, model: m }
routes:
  one: { tiers: [{ name: primary, endpoints: [a, missing-1] }, { name: cachee }], knid: chat }
  two: { kind: chat, degradeAfterMs: soon, tiers: [{ name: primary, endpoints: [missing-2] }] }
  three:
  four: { tiers: [{ name: primary, endpoints: [missing-3], extra: 1 }] }
webhooks: { allowPrivate: [nowhere] }
`
    expect(refusal(text).map((line) => line.replace(/: .*/, ""))).toEqual([
      "sluice.yaml:2:18 endpoints.a.provider",
      "sluice.yaml:2:34 endpoints.a.baseUrl",
      "sluice.yaml:4:50 routes.one.tiers[0].endpoints[1]",
      "sluice.yaml:4:72 routes.one.tiers[1].name",
      "sluice.yaml:4:83 routes.one.knid",
      "sluice.yaml:5:38 routes.two.degradeAfterMs",
      "sluice.yaml:5:81 routes.two.tiers[0].endpoints[0]",
      "sluice.yaml:6:3 routes.three",
      "sluice.yaml:7:48 routes.four.tiers[0].endpoints[0]",
      "sluice.yaml:7:60 routes.four.tiers[0].extra",
      "sluice.yaml:8:28 webhooks.allowPrivate[0]",
    ])
  })

  test("does not report endpoints as missing when it was their section that could not be read", () => {
    expect(refusal(valid.replace("endpoints:\n", "endpoint:\n"))).toEqual([
      "sluice.yaml:2:1 endpoints: Missing. Expected a mapping.",
      "sluice.yaml:2:1 endpoint: Unknown key. Did you mean endpoints?",
    ])
  })

  test("counts lines and columns the same with a byte order mark and Windows line ends", () => {
    const text = `\uFEFF${onLine(6, "    model: 4").replaceAll("\n", "\r\n")}`
    expect(refusal(text)[0]).toMatch(/^sluice\.yaml:6:12 /)
    expect(refusal("\uFEFFendpoint: {}")[0]).toMatch(/^sluice\.yaml:1:1 /)
  })

  test("does not repeat what may be a secret", () => {
    const lines = ["apiKey: sk-live-123", "timeoutMs: sk-live-123", "limits: sk-live-123", `breaker: sk-live-123-${"x".repeat(40)}`]
    const text = onLine(7, lines.map((line) => `    ${line}`).join("\n"))
    expect(refusal(text)).toHaveLength(4)
    expect(refusal(text).join("\n")).not.toContain("sk-live-123")
  })
})

describe("aliases", () => {
  const withShared = (third: string) => `endpoints:
  a: &a { provider: openai, baseUrl: http://x, model: m, timeoutMs: 5 }
  b: { <<: *a, model: other }
  c: ${third}
routes:
  chat: { tiers: [{ name: primary, endpoints: [a] }] }
`
  test("are followed, and << takes over what a mapping does not say itself", () => {
    expect(parseConfiguration({ text: withShared("{ <<: [*a, { weight: 2 }] }"), fileName: "f" }).endpoints).toMatchObject({
      b: { model: "other", timeoutMs: 5 },
      c: { model: "m", weight: 2 },
    })
  })

  test("lead to the text that has to change, which is told once", () => {
    expect(refusal(withShared("*a").replace("timeoutMs: 5", "timeoutMs: -5"))).toEqual([
      "sluice.yaml:2:69 endpoints.a.timeoutMs: Expected more than 0.",
    ])
  })

  test("lead to the own text of a mapping that merges another", () => {
    expect(refusal(withShared("{ <<: *a, weight: x }"))).toEqual(["sluice.yaml:4:24 endpoints.c.weight: Expected a number, got text."])
  })

  const wrong: [string, string, string][] = [
    ["lead nowhere", "*b", "sluice.yaml:4:6 endpoints.c: There is no anchor &b above this alias."],
    [
      "lead into themselves",
      "&c { http: { body: *c } }",
      "sluice.yaml:4:25 endpoints.c.http.body: The alias *c stands inside of what it refers to.",
    ],
    ["merge what is no mapping", "{ <<: 3 }", 'sluice.yaml:4:8 endpoints.c["<<"]: << takes a mapping, or a list of mappings.'],
  ]
  test.each(wrong)("are refused when they %s", (_what, third, message) => {
    expect(refusal(withShared(third))).toEqual([message])
  })

  test("may be many, but not stand for more than anyone writes", () => {
    const many = Array.from({ length: 500 }, (_, index) => `  e${index}: *a`).join("\n")
    expect(refusal(withShared(`*a\n${many}`))).toEqual([])
    const bomb = Array.from(
      { length: 30 },
      (_, level) => `  x${level}: &x${level} [${Array(10).fill(level === 0 ? "*a" : `*x${level - 1}`)}]`,
    )
    expect(refusal(withShared(`*a\n${bomb.join("\n")}`))).toEqual([
      expect.stringMatching(
        new RegExp(`^sluice\\.yaml:8:\\d+ endpoints\\.x3\\[\\d\\]: The aliases up to here stand for more than ${maxAliasedValues} values`),
      ),
    ])
  })

  test("nesting beyond all measure is refused", () => {
    expect(refusal(`a: ${"[".repeat(20_000)}`)).toEqual([expect.stringMatching(/^sluice\.yaml:1:\d+.*: This is nested too deeply\.$/)])
  })
})

test("a further check points at the place in the file, once the schema is satisfied", () => {
  const text = `endpoints:
  a: { provider: openai, baseUrl: "http://127.0.0.1:1/v1", model: m }
routes:
  chat:
    tiers:
      - { name: primary, endpoints: [a] }
      - { name: rules, rule: nonsense }
`
  const check = () => [{ path: ["routes", "chat", "tiers", 1, "rule"], message: "There is no such rule." }]
  const parse = () => parseConfiguration({ text, fileName: "sluice.yaml", check })
  expect(parse).toThrow("sluice.yaml:7:30 routes.chat.tiers[1].rule: There is no such rule.")
})
