import { createAzureOpenaiProvider } from "../src/azure-openai/create-azure-openai-provider.ts"
import { readAnswerFixture, readErrorCases } from "../src/testing/fixtures.ts"
import { providerConformance } from "../src/testing/provider-conformance.ts"
import { chatWork, sampleKey } from "../src/testing/sample-call.ts"

const fixture = (name: string): URL => new URL(`../src/azure-openai/fixtures/${name}.json`, import.meta.url)

providerConformance({
  provider: "azure-openai",
  create: createAzureOpenaiProvider,
  endpoint: { apiVersion: "2024-10-21" },
  kinds: ["chat", "embedding", "image"],
  work: chatWork(),
  answer: readAnswerFixture(fixture("chat-completion")),
  expected: {
    generated: { kind: "chat", output: { text: "A sluice holds the river back.", json: null, toolCalls: [], finishReason: "stop" } },
    model: "gpt-4o-mini-2024-07-18",
    usage: { inputTokens: 1_412, cachedInputTokens: 1_280, outputTokens: 96 },
    providerRequestId: "0f8a2c51-6b1c-4c1a-9b25-8f1f1c3d2a10",
    httpStatus: 200,
    rateLimits: {
      requests: { limit: 300, remaining: 299, resetMs: 1_000 },
      tokens: { limit: 30_000, remaining: 28_492, resetMs: 6_000 },
    },
  },
  credential: { header: "api-key", value: sampleKey },
  errors: readErrorCases(fixture("errors")),
})
