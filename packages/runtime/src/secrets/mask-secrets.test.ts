import fc from "fast-check"
import { expect, test } from "vitest"
import { maskSecrets } from "./mask-secrets.ts"

test.each([
  ["connect mongodb://user:p%40ss@db:27017/x failed", "connect mongodb://[redacted]@db:27017/x failed"],
  ["redis://:hunter2@cache:6379", "redis://[redacted]@cache:6379"],
  ["authorization: Bearer abc.def-123_45", "authorization: Bearer [redacted]"],
  ["Incorrect API key provided: sk-proj-abcdef123", "Incorrect API key provided: [redacted]"],
  ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "[redacted]"],
  ["GET /v1/jobs/job_1/events?a=1&token=eyJhbGci&b=2", "GET /v1/jobs/job_1/events?a=1&token=[redacted]&b=2"],
])("%s", (text, expected) => {
  expect(maskSecrets(text)).toBe(expected)
})

test.each(["https://api.openai.com:443/v1", "mailto user@example.org", "route task-1 of risk_low", "?cursor=abc&limit=5", "a // b: c@d"])(
  "leaves %s as it is",
  (text) => {
    expect(maskSecrets(text)).toBe(text)
  },
)

test("leaves a line of JSON a line of JSON, whatever stands in it", () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom("//u:p", "@", "?token=", "Bearer abcdefgh", "sk-", '"', "\\", "\n", "\u0001"))
  const texts = fc.array(piece).map((pieces) => pieces.join(""))
  fc.assert(
    fc.property(fc.dictionary(texts, texts), (values) => {
      const masked: unknown = JSON.parse(maskSecrets(JSON.stringify(values)))
      expect(typeof masked).toBe("object")
    }),
    { numRuns: 1_000 },
  )
})
