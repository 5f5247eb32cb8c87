import fc from "fast-check"

const wild = fc.jsonValue({ maxDepth: 4 })
const key = fc.oneof(
  fc.constantFrom("role", "content", "type", "text", "url", "toolCalls", "__proto__", "constructor", "$where", "a.b"),
  fc.string(),
)
const message = fc.dictionary(key, fc.oneof(fc.constantFrom("system", "user", "assistant", "tool", "text", "image"), wild))
const chat = fc.record(
  {
    messages: fc.oneof(fc.array(message, { maxLength: 4 }), wild),
    temperature: fc.oneof(fc.double(), wild),
    tools: wild,
    toolChoice: wild,
    responseFormat: fc.oneof(fc.record({ type: fc.constant("json_schema"), schema: fc.dictionary(fc.string(), wild) }), wild),
    providerOptions: fc.dictionary(key, wild),
  },
  { requiredKeys: [] },
)
const submission = fc.record(
  {
    route: fc.oneof(fc.constantFrom("chat", "embed", "draw", "any"), fc.string()),
    input: fc.oneof(chat, wild),
    options: fc.oneof(fc.record({ priority: wild, runAt: wild, expiresInMs: wild, maxCostUsd: wild }, { requiredKeys: [] }), wild),
    webhook: fc.oneof(fc.record({ url: fc.oneof(fc.webUrl(), wild), events: wild, secret: wild }, { requiredKeys: [] }), wild),
    metadata: fc.oneof(fc.dictionary(key, fc.string()), wild),
    extra: wild,
  },
  { requiredKeys: [] },
)
/** JSON that is a submission, nearly one, or anything else. */
export const jsonText = fc.oneof(submission, wild).map((value) => JSON.stringify(value))
/** JSON with a hole in it, and bytes of any kind. */
export const damaged = fc.tuple(jsonText, fc.nat(), fc.uint8Array({ maxLength: 4 })).map(([text, at, inserted]) => {
  const bytes = Buffer.from(text)
  const start = at % (bytes.length + 1)
  return Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(start + 1)])
})
