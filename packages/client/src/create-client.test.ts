import { expect, test } from "vitest"
import { createClient } from "./create-client.ts"
import { ok } from "./testing/fake-fetch.ts"
import { testClient } from "./testing/test-client.ts"

test("sends the key, and for which tenant", async () => {
  const { client, sent } = testClient([ok({})], { tenant: "acme" })
  await client.jobs.get("job_1")
  expect(sent[0]?.headers).toMatchObject({ authorization: "Bearer sk_test", "x-sluice-tenant": "acme" })
})

test("sends no key of its own where there is none", async () => {
  const { client, sent } = testClient([ok({})], { apiKey: null })
  await client.jobs.get("job_1")
  expect(sent[0]?.headers).not.toHaveProperty("authorization")
})

test("follows no redirect, which would carry the key elsewhere", async () => {
  const { client, sent } = testClient([ok({})])
  await client.jobs.get("job_1")
  expect(sent[0]?.redirect).toBe("manual")
})

test.each(["127.0.0.1:3000", "ftp://api.test", "/v1", ""])("refuses the base URL %j", (baseUrl) => {
  expect(() => createClient({ baseUrl, apiKey: "sk_test" })).toThrow(`baseUrl is "${baseUrl}": expected an http(s) URL.`)
})

test("refuses a key that no header takes, and does not repeat it", () => {
  for (const apiKey of ["", "sk_secret\n", "sk_ä"]) {
    expect(() => createClient({ baseUrl: "http://api.test", apiKey })).toThrow(/^apiKey is empty or has spaces/)
  }
})

test("operators' calls", async () => {
  const { client, sent } = testClient([ok({ data: [], nextCursor: null })])
  await client.routes.list().page()
  await client.routes.pause("chat")
  await client.routes.resume("chat")
  await client.routes.drill("chat", { task: "summary" })
  await client.endpoints.list().page()
  await client.endpoints.force("openai-eu", "open")
  expect(sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
    "GET /base/v1/routes",
    "POST /base/v1/routes/chat/pause",
    "POST /base/v1/routes/chat/resume",
    "POST /base/v1/routes/chat/drill",
    "GET /base/v1/endpoints",
    "POST /base/v1/endpoints/openai-eu/breaker",
  ])
  expect(sent.at(-1)?.body).toEqual({ state: "open" })
})
