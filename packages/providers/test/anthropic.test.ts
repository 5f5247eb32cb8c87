import { createAnthropicProvider } from "../src/anthropic/create-anthropic-provider.ts"
import { readAnswerFixture, readErrorCases } from "../src/testing/fixtures.ts"
import { providerConformance } from "../src/testing/provider-conformance.ts"
import { chatWork, sampleKey } from "../src/testing/sample-call.ts"

const fixture = (name: string): URL => new URL(`../src/anthropic/fixtures/${name}.json`, import.meta.url)

providerConformance({
  provider: "anthropic",
  create: createAnthropicProvider,
  kinds: ["chat"],
  work: chatWork(),
  answer: readAnswerFixture(fixture("message")),
  expected: {
    generated: { kind: "chat", output: { text: "A sluice holds the river back.", json: null, toolCalls: [], finishReason: "stop" } },
    model: "claude-sonnet-4-5-20250929",
    usage: { inputTokens: 1_412, cachedInputTokens: 1_280, outputTokens: 96 },
    providerRequestId: "req_011CVKkJd4XGhUZ3n5mQ8sTb",
    httpStatus: 200,
    rateLimits: {
      requests: { limit: 1_000, remaining: 999, resetMs: 60 },
      tokens: { limit: 540_000, remaining: 535_000, resetMs: 2_000 },
    },
  },
  credential: { header: "x-api-key", value: sampleKey },
  errors: readErrorCases(fixture("errors")),
})
