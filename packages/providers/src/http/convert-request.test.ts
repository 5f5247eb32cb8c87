import type { Endpoint, Work } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { failWith, generateWith } from "../testing/generate-with.ts"
import { chatWork, sampleCall, sampleKey } from "../testing/sample-call.ts"
import { createHttpProvider } from "./create-http-provider.ts"

const answer = { status: 200, headers: {}, body: { ok: true } }
const custom = (input: Extract<Work, { kind: "custom" }>["input"]): Work => ({ kind: "custom", input })

function exchange(work: Work, endpoint: Partial<Endpoint>, apiKey?: string | null) {
  const call = sampleCall({ provider: "http", work, endpoint, ...(apiKey !== undefined && { apiKey }) })
  return { create: createHttpProvider, call, answer }
}
const sentFor = async (...args: Parameters<typeof exchange>) => (await generateWith(exchange(...args))).sent

describe("the body", () => {
  test("is the job's input without a template", async () => {
    expect(await sentFor(custom({ a: [1, { b: null }] }), {})).toMatchObject({ method: "POST", path: "/", body: { a: [1, { b: null }] } })
  })

  test("is the template with its placeholders filled", async () => {
    const http = { method: "PUT" as const, path: "/v2/ask", body: { model: "{{model}}", q: "{{input.text}}", opt: "{{input.none}}" } }
    expect(await sentFor(custom({ text: "why" }), { http })).toMatchObject({
      method: "PUT",
      path: "/v2/ask",
      body: { model: "model-1", q: "why" },
    })
  })

  test("takes the caller's options, but none that would change the template's own", async () => {
    const http = { method: "POST" as const, path: "", body: { model: "{{model}}", turns: "{{input.messages}}" } }
    const work = chatWork({ providerOptions: { http: { style: "dry" } } })
    const { body } = await generateWith({
      ...exchange(work, { http: { ...http, response: { output: "/ok" } } }),
      answer: { status: 200, headers: {}, body: { ok: "text" } },
    }).then(({ sent }) => sent)
    expect(body).toEqual({ model: "model-1", turns: [{ role: "user", content: "What does a sluice do?" }], style: "dry" })
    const greedy = chatWork({ providerOptions: { http: { model: "gpt-expensive" } } })
    expect(await failWith(exchange(greedy, { http }))).toMatchObject({ type: "invalid_input" })
  })

  test("follows the endpoint's parameters", async () => {
    const sent = await sentFor(custom({ a: 1, b: 2 }), { params: { defaults: { c: 3 }, drop: ["b"], rename: { a: "alpha" } } })
    expect(sent.body).toEqual({ alpha: 1, c: 3 })
  })
})

describe("the path", () => {
  test("is the base URL alone without one, and its query is kept", async () => {
    expect((await sentFor(custom({}), { baseUrl: "http://provider.test/a?x=1" })).path).toBe("/a?x=1")
  })

  test("has encoded values, and no body with GET", async () => {
    const http = { method: "GET" as const, path: "items/{{input.id}}?by={{model}}" }
    const sent = await sentFor(custom({ id: "a b/c" }), { baseUrl: "http://provider.test/api/", http })
    expect(sent).toMatchObject({ method: "GET", path: "/api/items/a%20b%2Fc?by=model-1", body: null })
    expect(sent.headers).not.toHaveProperty("content-type")
  })

  test.each(["..", ".", "%2e%2E", ".%2e"])("cannot be climbed with %j", async (id) => {
    const http = { method: "POST" as const, path: "/items/{{input.id}}/text" }
    if (id.includes("%")) {
      expect((await sentFor(custom({ id }), { http })).path).toBe(`/items/${encodeURIComponent(id)}/text`)
    } else {
      expect(await failWith(exchange(custom({ id }), { http }))).toMatchObject({ type: "invalid_input" })
    }
  })
})

describe("the headers", () => {
  test("have the key as a bearer token", async () => {
    expect((await sentFor(custom({}), {})).headers).toMatchObject({ authorization: `Bearer ${sampleKey}`, accept: "application/json" })
    expect((await sentFor(custom({}), {}, null)).headers).not.toHaveProperty("authorization")
  })

  test("have the key where the endpoint puts it, and only there", async () => {
    const { headers } = await sentFor(custom({}), { headers: { "X-Api-Key": "{{apiKey}}" } })
    expect(headers).toMatchObject({ "x-api-key": sampleKey })
    expect(headers).not.toHaveProperty("authorization")
    expect((await sentFor(custom({}), { headers: { Authorization: "Key {{ apiKey }}" } })).headers).toMatchObject({
      authorization: `Key ${sampleKey}`,
    })
  })

  test("that need a key which is not there are the credential's fault", async () => {
    const error = await failWith(exchange(custom({}), { headers: { "x-api-key": "{{apiKey}}" } }, null))
    expect(error).toMatchObject({ type: "provider_auth" })
  })

  test("of the endpoint win over the usual ones, in any case", async () => {
    const { headers } = await sentFor(custom({}), { headers: { "Content-Type": "application/vnd.x+json" } })
    expect(headers["content-type"]).toBe("application/vnd.x+json")
  })
})
