import { AzureOpenAI, OpenAI } from "openai"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type Simulator, startSimulator } from "../src/index.ts"
import { azureClient, failureOf } from "./support/clients.ts"

let simulator: Simulator
let client: AzureOpenAI

beforeEach(async () => {
  simulator = await startSimulator()
  client = azureClient(simulator)
})
afterEach(() => simulator.stop())

const messages = [{ role: "user" as const, content: "Name a colour" }]
const model = "my-deployment"

describe("a deployment", () => {
  test("answers chats and reports what its filter found", async () => {
    const completion = await client.chat.completions.create({ model, messages })
    expect(completion).toMatchObject({
      model,
      choices: [{ message: { content: "Echo: Name a colour" }, content_filter_results: { hate: { filtered: false, severity: "safe" } } }],
      prompt_filter_results: [{ prompt_index: 0 }],
    })
    expect(simulator.requests()[0]).toMatchObject({ wire: "azure-openai", path: `/openai/deployments/${model}/chat/completions`, model })
  })

  test("streams, beginning with a chunk that has no choice", async () => {
    const stream = await client.chat.completions.create({ model, messages, stream: true })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks[0]).toMatchObject({ choices: [], prompt_filter_results: [{ prompt_index: 0 }] })
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("Echo: Name a colour")
  })

  test("gives embeddings and images", async () => {
    const embeddings = await client.embeddings.create({ model, input: "text", dimensions: 4 })
    expect(embeddings.data[0]?.embedding).toHaveLength(4)
    const images = await client.images.generate({ model, prompt: "A map", response_format: "b64_json" })
    expect(images.data?.[0]?.b64_json).toMatch(/^iVBOR/)
  })

  test("needs an api-version", async () => {
    const response = await fetch(`${simulator.url}/openai/deployments/x/chat/completions`, {
      method: "POST",
      body: "{}",
      headers: { "api-key": "x" },
    })
    expect([response.status, await response.json()]).toEqual([404, { error: { code: "404", message: "Resource not found" } }])
  })

  test("that does not exist is named", async () => {
    simulator.configure({ models: ["other"] })
    const failure = await failureOf(client.chat.completions.create({ model, messages }))
    expect(failure).toBeInstanceOf(OpenAI.NotFoundError)
    expect(failure).toMatchObject({ code: "DeploymentNotFound" })
  })
})

describe("the path without deployments", () => {
  test("takes the model from the body, with an api-key or with a token of Entra", async () => {
    const baseURL = `${simulator.url}/openai/v1`
    for (const headers of [{ "api-key": "k" }, { authorization: "Bearer token" }]) {
      const body = JSON.stringify({ model: "gpt-4o", messages })
      const response = await fetch(`${baseURL}/chat/completions`, { method: "POST", body, headers })
      expect([response.status, await response.json()]).toMatchObject([200, { model: "gpt-4o" }])
    }
    const models = await new OpenAI({ baseURL, apiKey: "k", maxRetries: 0 }).models.list()
    expect(models.data.length).toBeGreaterThan(0)
  })
})

describe("refusals", () => {
  test("a key that is not let in", async () => {
    simulator.configure({ apiKeys: ["right"] })
    const failure = await failureOf(client.chat.completions.create({ model, messages }))
    expect(failure).toBeInstanceOf(AzureOpenAI.AuthenticationError)
    expect(failure).toMatchObject({ code: "401", message: expect.stringContaining("Access denied due to invalid subscription key") })
  })

  test("a prompt that the content filter acts on", async () => {
    simulator.configure({ contentFilterWords: ["colour"] })
    const failure = await failureOf(client.chat.completions.create({ model, messages }))
    expect(failure).toBeInstanceOf(OpenAI.BadRequestError)
    expect(failure).toMatchObject({
      code: "content_filter",
      param: "prompt",
      error: { innererror: { code: "ResponsibleAIPolicyViolation", content_filter_result: { violence: { filtered: true } } } },
    })
  })

  test("a bad request, in the words of the model behind it", async () => {
    const failure = await failureOf(client.chat.completions.create({ model, messages: [] }))
    expect(failure).toMatchObject({ status: 400, param: "messages", type: "invalid_request_error" })
  })
})

test("limits are told in whole seconds, and the region is named", async () => {
  simulator.configure({ limits: { requestsPerMinute: 60 } })
  const { response } = await client.chat.completions.create({ model, messages }).withResponse()
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-remaining-requests": "59",
    "x-ratelimit-reset-requests": "1",
    "x-ms-region": "Simulated",
    "apim-request-id": expect.stringMatching(/^req_/),
  })
})
