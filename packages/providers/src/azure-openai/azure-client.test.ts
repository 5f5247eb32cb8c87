import type { Endpoint } from "@sluice/core"
import { afterEach, describe, expect, test, vi } from "vitest"
import { readAnswerFixture } from "../testing/fixtures.ts"
import { failWith, generateWith } from "../testing/generate-with.ts"
import { chatWork, sampleCall, sampleKey } from "../testing/sample-call.ts"
import { createAzureOpenaiProvider } from "./create-azure-openai-provider.ts"

const answer = readAnswerFixture(new URL("./fixtures/chat-completion.json", import.meta.url))
const dated = "/openai/deployments/model-1/chat/completions?api-version=2024-10-21"

async function sentTo(endpoint: Partial<Endpoint>, apiKey?: string | null) {
  const call = sampleCall({
    provider: "azure-openai",
    work: chatWork({ maxOutputTokens: 9 }),
    endpoint,
    ...(apiKey !== undefined && { apiKey }),
  })
  return (await generateWith({ create: createAzureOpenaiProvider, call, answer })).sent
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe("the path", () => {
  const base = "https://res.openai.azure.com"
  test.each([
    [base, "2024-10-21", dated],
    [`${base}/`, "2024-10-21", dated],
    [`${base}/openai`, "2024-10-21", dated],
    [`${base}/openai/deployments/other`, "2024-10-21", "/openai/deployments/other/chat/completions?api-version=2024-10-21"],
    [base, undefined, "/openai/v1/chat/completions"],
    [`${base}/openai/v1/`, undefined, "/openai/v1/chat/completions"],
    [`${base}/openai`, "v1", "/openai/v1/chat/completions"],
    [base, "preview", "/openai/v1/chat/completions?api-version=preview"],
  ])("of %s with version %s", async (baseUrl, apiVersion, path) => {
    const sent = await sentTo({ baseUrl, ...(apiVersion !== undefined && { apiVersion }) })
    expect(sent.path).toBe(path)
    expect(sent.headers["api-key"]).toBe(sampleKey)
    expect(sent.headers).not.toHaveProperty("authorization")
    expect(sent.body).toMatchObject({ model: "model-1" })
  })
})

test.each([
  ["2024-02-01", "max_tokens"],
  ["2024-10-21", "max_completion_tokens"],
  ["2025-04-01-preview", "max_completion_tokens"],
  [undefined, "max_completion_tokens"],
])("version %s bounds the answer by %s", async (apiVersion, name) => {
  expect((await sentTo(apiVersion === undefined ? {} : { apiVersion })).body).toMatchObject({ [name]: 9 })
})

test.each([undefined, "2024-10-21"])("version %s sends no credential without a key, whatever the environment has", async (apiVersion) => {
  vi.stubEnv("AZURE_OPENAI_API_KEY", "key-of-the-environment")
  vi.stubEnv("AZURE_OPENAI_ENDPOINT", "http://environment.test")
  vi.stubEnv("OPENAI_API_VERSION", "environment")
  const sent = await sentTo(apiVersion === undefined ? {} : { apiVersion }, null)
  expect(sent.headers).not.toHaveProperty("api-key")
  expect(sent.headers).not.toHaveProperty("authorization")
  expect(JSON.stringify(sent)).not.toContain("environment")
})

test("options for openai are not for Azure, its own are", async () => {
  const work = chatWork({ providerOptions: { openai: { store: true }, "azure-openai": { user: "u1" } } })
  const call = sampleCall({ provider: "azure-openai", work })
  const { sent } = await generateWith({ create: createAzureOpenaiProvider, call, answer })
  expect(sent.body).toMatchObject({ user: "u1" })
  expect(sent.body).not.toHaveProperty("store")
})

test("-1 in its headers means that the allowance is not known", async () => {
  const headers = { "x-ratelimit-limit-tokens": "-1", "x-ratelimit-remaining-tokens": "-1", "x-ratelimit-reset-tokens": "0" }
  const call = sampleCall({ provider: "azure-openai" })
  const error = await failWith({
    create: createAzureOpenaiProvider,
    call,
    answer: { status: 429, headers, body: { error: { code: "429", message: "Slow." } } },
  })
  expect(error).toMatchObject({ type: "rate_limited", rateLimits: null, retryAfterMs: null })
})
