import { createHttpProvider } from "../src/http/create-http-provider.ts"
import { readAnswerFixture, readErrorCases } from "../src/testing/fixtures.ts"
import { providerConformance } from "../src/testing/provider-conformance.ts"
import { sampleKey } from "../src/testing/sample-call.ts"

const fixture = (name: string): URL => new URL(`../src/http/fixtures/${name}.json`, import.meta.url)

providerConformance({
  provider: "http",
  create: createHttpProvider,
  endpoint: {
    http: {
      method: "POST",
      path: "/v2/ask",
      response: { output: "/result/answer", model: "/meta/engine", inputTokens: "/meta/tokens/in", outputTokens: "/meta/tokens/out" },
    },
  },
  kinds: ["chat", "embedding", "image", "custom"],
  work: { kind: "custom", input: { text: "What does a sluice do?" } },
  answer: readAnswerFixture(fixture("answer")),
  expected: {
    generated: { kind: "custom", output: "A sluice holds the river back." },
    model: "river-7b-v2",
    usage: { inputTokens: 1_412, cachedInputTokens: 0, outputTokens: 96 },
    providerRequestId: "7d1f-11",
    httpStatus: 200,
    rateLimits: { requests: { limit: 60, remaining: 12, resetMs: 30_000 }, tokens: null },
  },
  credential: { header: "authorization", value: `Bearer ${sampleKey}` },
  errors: readErrorCases(fixture("errors")),
})
