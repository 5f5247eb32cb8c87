import { expect, test } from "vitest"
import { ConfigurationError } from "./configuration-error.ts"
import { parseConfiguration } from "./parse-configuration.ts"

const lines = [
  "endpoints:",
  "  openai-eu:",
  "    provider: openai",
  "    baseUrl: https://api.openai.com/v1",
  "    model: gpt-4o-mini",
  "    apiKey: env:OPENAI_API_KEY",
  "routes:",
  "  chat:",
  "    tiers:",
  "      - name: primary",
  "        endpoints: [openai-eu]",
  "",
]

/** The file with one line replaced, or the lines of several. */
const withLine = (number: number, ...replacement: string[]) => lines.toSpliced(number - 1, 1, ...replacement).join("\n")

const path = "endpoints.openai-eu"
/** What people get wrong, and what they are told: where, what, and what to do. */
const mistakes: readonly (readonly [string, string, string])[] = [
  ["a misspelt key", withLine(6, "    apikey: env:X"), `6:5 ${path}.apikey: Unknown key. Did you mean apiKey?`],
  ["a missing key", withLine(5), `2:3 ${path}.model: Missing. Expected text.`],
  [
    "a time with its unit",
    withLine(6, "    timeoutMs: 30s"),
    `6:16 ${path}.timeoutMs: Expected a number, got text. It is in milliseconds: 30 s are 30000.`,
  ],
  ["half a millisecond", withLine(6, "    timeoutMs: 1.5"), `6:16 ${path}.timeoutMs: Expected a whole number, got 1.5.`],
  ["a number that is too small", withLine(6, "    weight: 0"), `6:13 ${path}.weight: Expected more than 0.`],
  ["a number as a name", withLine(5, "    model: 4"), `5:12 ${path}.model: Expected text, got 4. Put it in quotes.`],
  [
    "YAML 1.1's yes",
    withLine(9, "    degradeOnSaturation: yes", "    tiers:"),
    "9:26 routes.chat.degradeOnSaturation: Expected true or false, got text.",
  ],
  ["a tab", withLine(5, "\tmodel: gpt-4o-mini"), `5:1 ${path}.baseUrl: This line is indented with a tab. Use spaces.`],
  [
    "a crooked line",
    withLine(5, "   model: gpt-4o-mini"),
    `5:1 ${path}.baseUrl: This line is indented unlike the entry above it. Entries of one mapping begin in the same column.`,
  ],
  ["a key twice", withLine(6, "    model: other"), `6:5 ${path}.model: This key stands twice in the same mapping. Keep one of them.`],
  [
    "no space after the colon",
    withLine(5, "    model:gpt-4o-mini"),
    `5:5 ${path}["model:gpt-4o-mini apiKey"]: This line is no \`key: value\`. Is a colon missing, or the space after it?`,
  ],
  [
    "a colon in a value",
    withLine(5, "    model: gpt: 4"),
    `5:12 ${path}.model.gpt: A second colon stands in this line. If it belongs to the value, put the value in quotes.`,
  ],
  [
    "an open bracket",
    withLine(11, "        endpoints: [openai-eu"),
    "12:1 routes.chat.tiers[0].endpoints[0]: What was opened in this entry is not closed: a ] is missing.",
  ],
  ["an open quote", withLine(5, '    model: "gpt-4o-mini'), `12:1 ${path}.model: The text of this entry has no closing ".`],
  [
    "one of a list, without the list",
    withLine(11, "        endpoints: openai-eu"),
    "11:20 routes.chat.tiers[0].endpoints: Expected a list, got text. Put it in brackets: [ ].",
  ],
  [
    "a mapping in place of a list",
    withLine(10, "      primary:"),
    "10:7 routes.chat.tiers: Expected a list, got a mapping. Begin each entry with a dash (-).",
  ],
  [
    "a list in place of a mapping",
    withLine(2, "  - name: openai-eu"),
    "2:3 endpoints: Expected a mapping, got a list. Give each entry a name in place of its dash.",
  ],
  [
    "an endpoint that is misspelt",
    withLine(11, "        endpoints: [openai-ue]"),
    '11:21 routes.chat.tiers[0].endpoints[0]: There is no endpoint "openai-ue". Did you mean "openai-eu"?',
  ],
  [
    "an endpoint that there is not",
    withLine(11, "        endpoints: [claude]"),
    '11:21 routes.chat.tiers[0].endpoints[0]: There is no endpoint "claude". Known: openai-eu.',
  ],
  [
    "a provider that there is not",
    withLine(3, "    provider: gemini"),
    `3:15 ${path}.provider: Expected openai, azure-openai, anthropic or http, got "gemini".`,
  ],
  [
    "an address without its scheme",
    withLine(4, "    baseUrl: localhost:11434/v1"),
    `4:14 ${path}.baseUrl: Expected an http(s) URL, such as https://api.openai.com/v1.`,
  ],
  [
    "a secret",
    withLine(6, "    apiKey: sk-proj-4f2a"),
    `6:13 ${path}.apiKey: Expected env:NAME, file:/absolute/path or aws-sm:name#key. Secrets are referred to, never written here.`,
  ],
  [
    "a variable as in a shell",
    withLine(6, `    apiKey: $${"{OPENAI_API_KEY}"}`),
    `6:13 ${path}.apiKey: Expected env:NAME, file:/absolute/path or aws-sm:name#key. Secrets are referred to, never written here. Did you mean env:OPENAI_API_KEY?`,
  ],
  [
    "tiers in the wrong order",
    withLine(10, "      - name: fallback"),
    "10:7 routes.chat.tiers: The first tier must be `primary`. Move it to the front, or name this one so.",
  ],
  [
    "a canary of another kind",
    withLine(9, "    canary: { messages: Hello }", "    tiers:"),
    "9:25 routes.chat.canary.messages: Expected a list, got text. Put it in brackets: [ ].",
  ],
  [
    "an objective in percent",
    withLine(12, "objectives: { availability: { target: 99.5 } }"),
    "12:39 objectives.availability.target: Expected less than 1.",
  ],
  [
    "an age without its unit",
    withLine(12, "objectives: { cacheFreshness: { maxAge: 500 } }"),
    "12:33 objectives.cacheFreshness.maxAge: Unknown key. Did you mean maxAgeMs?",
  ],
  [
    "an expectation of a canary that is misspelt",
    withLine(9, "    canary: { messages: [{ role: user, content: Hi }], expect: { contain: ok } }", "    tiers:"),
    "9:66 routes.chat.canary.expect.contain: Unknown key. Did you mean contains?",
  ],
  [
    "a pattern that is none",
    withLine(9, '    canary: { messages: [{ role: user, content: Hi }], expect: { matches: "(" } }', "    tiers:"),
    "9:75 routes.chat.canary.expect.matches: This is no regular expression of JavaScript.",
  ],
  [
    "a canary's input of another kind",
    withLine(9, "    canary: { input: { messages: Hello } }", "    tiers:"),
    "9:34 routes.chat.canary.input.messages: Expected a list, got text. Put it in brackets: [ ].",
  ],
  [
    "an address of a channel in the open",
    withLine(12, "alerts: { channels: { team: { type: slack, url: https://hooks.slack.com/services/T0/B0/x } } }"),
    "12:49 alerts.channels.team.url: Expected env:NAME, file:/absolute/path or aws-sm:name#key. Secrets are referred to, never written here.",
  ],
  [
    "a channel of another kind",
    withLine(12, "alerts: { channels: { team: { type: teams } } }"),
    '12:37 alerts.channels.team.type: Expected discord, slack, webhook or stdout, got "teams".',
  ],
  [
    "a channel that is misspelt",
    withLine(12, "alerts: { channels: { team: { type: stdout } }, rules: [{ when: breaker_open, channels: [teem] }] }"),
    '12:90 alerts.rules[0].channels[0]: There is no channel "teem". Did you mean "team"?',
  ],
  [
    "a rule that is misspelt",
    withLine(12, "alerts: { rules: [{ when: breaker-open }] }"),
    '12:27 alerts.rules[0].when: Expected breaker_open, primary_share_low, dead_letter_rate, oldest_waiting, webhook_endpoint_disabled, credential_rejected, budget_used, failure_rate, token_use, provider_quota, route_missing, objective_burn or canary_failing, got "breaker-open". Did you mean breaker_open?',
  ],
  [
    "two rules of one name",
    withLine(12, "alerts: { rules: [{ when: breaker_open }, { when: breaker_open, endpoints: [openai-eu] }] }"),
    '12:43 alerts.rules[1]: Rule 0 has the name "breaker_open" too. Give this one a `name` of its own.',
  ],
  [
    "an address of the dashboard without its scheme",
    withLine(12, "publicUrl: sluice.example"),
    "12:12 publicUrl: Expected an http(s) URL, such as https://sluice.example.",
  ],
  [
    "an address in place of a range",
    withLine(12, "webhooks: { allowPrivate: [10.0.0.1] }"),
    "12:28 webhooks.allowPrivate[0]: Expected a CIDR range such as 10.0.0.0/8; one address alone is 10.0.0.1/32.",
  ],
]

function refusal(text: string): string {
  try {
    parseConfiguration({ text, fileName: "sluice.yaml" })
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
  return "It was taken."
}

test.each(mistakes)("%s", (_what, text, message) => {
  expect(refusal(text)).toBe(`sluice.yaml:${message}`)
})
