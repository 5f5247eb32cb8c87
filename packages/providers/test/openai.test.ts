import { createOpenaiProvider } from "../src/openai/create-openai-provider.ts"
import { readAnswerFixture, readErrorCases } from "../src/testing/fixtures.ts"
import { providerConformance } from "../src/testing/provider-conformance.ts"
import { chatWork, sampleKey } from "../src/testing/sample-call.ts"

const fixture = (name: string): URL => new URL(`../src/openai/fixtures/${name}.json`, import.meta.url)

providerConformance({
  provider: "openai",
  create: createOpenaiProvider,
  kinds: ["chat", "embedding", "image"],
  work: chatWork(),
  answer: readAnswerFixture(fixture("chat-completion")),
  expected: {
    generated: { kind: "chat", output: { text: "A sluice holds the river back.", json: null, toolCalls: [], finishReason: "stop" } },
    model: "gpt-4o-mini-2024-07-18",
    usage: { inputTokens: 1_412, cachedInputTokens: 1_280, outputTokens: 96 },
    providerRequestId: "req_4f9b2f6c1a5d4b0e9c7a8d3e2f1b0a99",
    httpStatus: 200,
    rateLimits: {
      requests: { limit: 10_000, remaining: 9_999, resetMs: 8_640 },
      tokens: { limit: 200_000, remaining: 199_578, resetMs: 126 },
    },
  },
  credential: { header: "authorization", value: `Bearer ${sampleKey}` },
  errors: [...readErrorCases(fixture("errors")), ...readErrorCases(fixture("gemini-errors"))],
})
