import type OpenAI from "openai"
import {
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  UnprocessableEntityError,
} from "openai"
import { zodResponseFormat } from "openai/helpers/zod"
import { afterEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { errorOf, useInstallation } from "./support/use-installation.ts"

const { installation, client } = await useInstallation()

const ask = (content: string) => ({ model: "chat", messages: [{ role: "user" as const, content }] })
const weather = {
  type: "function" as const,
  function: { name: "get_weather", description: "Of a city.", parameters: { type: "object", properties: { city: { type: "string" } } } },
}

describe("a chat completion", () => {
  test("comes with the model that answered, its usage, and headers that say who it was", async () => {
    const { data, response } = await client.chat.completions
      .create({ ...ask("What does a sluice do?"), metadata: { order: "81" } })
      .withResponse()
    const jobId = response.headers.get("x-sluice-job-id") ?? ""
    expect(data).toMatchObject({
      id: jobId.replace("job_", "chatcmpl-"),
      object: "chat.completion",
      model: "gpt-4o-mini",
      choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: expect.stringMatching(/./) } }],
      usage: { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number), total_tokens: expect.any(Number) },
      metadata: { order: "81", sluice_job_id: jobId, sluice_route: "chat", sluice_quality: "full" },
    })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "x-sluice-route": "chat",
      "x-sluice-endpoint": expect.stringMatching(/^sim-[ab]$/),
      "x-sluice-provider": "openai",
      "x-sluice-model": "gpt-4o-mini",
      "x-sluice-region": "eu",
      "x-sluice-tier": "primary",
      "x-sluice-degraded": "false",
      "x-sluice-attempts": "1",
    })
    const { json: job } = await installation.call("GET", `/v1/jobs/${jobId}`)
    expect(job).toMatchObject({
      status: "succeeded",
      route: "chat",
      metadata: { order: "81" },
      output: { text: data.choices[0]?.message.content },
    })
    expect(await client.chat.completions.retrieve(data.id)).toMatchObject({ id: data.id, choices: data.choices })
  })

  test("may name the model of an endpoint that one route alone serves", async () => {
    const { response } = await client.chat.completions.create({ ...ask("Hello"), model: "gpt-4.1" }).withResponse()
    expect(response.headers.get("x-sluice-route")).toBe("big")
  })

  test("passes on what is the provider's, pictures included", async () => {
    await client.chat.completions.create({
      model: "chat",
      messages: [
        { role: "developer", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=", detail: "low" } },
          ],
        },
      ],
      max_completion_tokens: 50,
      temperature: 0.3,
      top_p: 0.9,
      stop: "END",
      seed: 7,
      presence_penalty: 0.5,
      user: "u-1",
      n: 1,
      logprobs: false,
    })
    expect(installation.lastBody()).toMatchObject({
      model: "gpt-4o-mini",
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [{ type: "text" }, { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=", detail: "low" } }],
        },
      ],
      temperature: 0.3,
      top_p: 0.9,
      stop: ["END"],
      seed: 7,
      presence_penalty: 0.5,
      user: "u-1",
    })
  })

  test("calls tools, and takes their results in the next turn", async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "get_weather in Cologne" }]
    const first = await client.chat.completions.create({ model: "chat", messages, tools: [weather], tool_choice: "required" })
    const [message] = first.choices.map((choice) => choice.message)
    expect(first.choices[0]?.finish_reason).toBe("tool_calls")
    expect(message?.tool_calls).toMatchObject([
      { type: "function", function: { name: "get_weather", arguments: expect.stringMatching(/^\{/) } },
    ])
    if (!message) throw new Error("There is no message.")
    const id = message.tool_calls?.[0]?.id ?? ""
    const next = await client.chat.completions.create({
      model: "chat",
      messages: [...messages, message, { role: "tool", tool_call_id: id, content: "Rain." }],
      tools: [weather],
    })
    expect(next.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: expect.stringMatching(/./) } })
  })

  test("holds to a schema, by the client's own helper", async () => {
    const Person = z.object({ name: z.string(), age: z.int() })
    const completion = await client.chat.completions.parse({ ...ask("Who is it?"), response_format: zodResponseFormat(Person, "person") })
    expect(Person.safeParse(completion.choices[0]?.message.parsed).success).toBe(true)
    expect(installation.lastBody()).toMatchObject({
      response_format: { type: "json_schema", json_schema: { name: "person", strict: true } },
    })
  })
})

/** A second of pieces: however slow this machine is, they cannot all come at once. */
const longText = "One two three four five six seven eight nine ten. ".repeat(10)
const slowly = () => installation.simulator.configure({ answers: { text: longText }, latency: { chunkMs: 30 } })
const plainly = () => installation.simulator.configure({ answers: { text: null }, latency: { chunkMs: 0 } })

describe("a stream", () => {
  afterEach(() => plainly())

  test("tells the answer while it is written, ends with its usage when asked, and says who answered", async () => {
    slowly()
    const { data: stream, response } = await client.chat.completions
      .create({ ...ask("Count."), stream: true, stream_options: { include_usage: true } })
      .withResponse()
    const chunks: OpenAI.ChatCompletionChunk[] = []
    for await (const chunk of stream) chunks.push(chunk)
    const { json: job } = await installation.call("GET", `/v1/jobs/${response.headers.get("x-sluice-job-id")}`)
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(longText)
    expect(job).toMatchObject({ output: { text: longText } })
    expect(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length).toBeGreaterThan(1)
    expect(chunks[0]?.choices[0]?.delta.role).toBe("assistant")
    expect(chunks.at(-2)).toMatchObject({
      choices: [{ finish_reason: "stop" }],
      metadata: { sluice_endpoint: expect.stringMatching(/^sim-/) },
    })
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: expect.any(Number) } })
  })

  test("goes on in silence when a call breaks half-way and the next one says the same", async () => {
    slowly()
    await script(["cut_json"])
    const runner = client.chat.completions.stream(ask("Count."))
    const { choices, id } = await runner.finalChatCompletion()
    expect(choices[0]?.message.content).toBe(longText)
    expect((await installation.call("GET", `/v1/jobs/${id.replace("chatcmpl-", "job_")}`)).json).toMatchObject({ attemptCount: 2 })
  })

  test("ends with an error when the next one says something else", async () => {
    slowly()
    // Half of it, then silence until the call is given up: time enough for the beginning to arrive.
    await script(["stall"])
    const stream = await client.chat.completions.create({ ...ask("Count."), stream: true })
    let told = ""
    const error = await errorOf(
      (async () => {
        for await (const chunk of stream) {
          told += chunk.choices[0]?.delta.content ?? ""
          if (told !== "") installation.simulator.configure({ answers: { text: "Quite another answer." } })
        }
      })(),
    )
    expect(longText.startsWith(told)).toBe(true)
    expect(error).toMatchObject({ code: "stream_interrupted", message: expect.stringContaining("job_") })
  })

  test("has the calls of tools", async () => {
    const runner = client.chat.completions.stream({ ...ask("get_weather"), tools: [weather], tool_choice: "required" })
    const { choices } = await runner.finalChatCompletion()
    expect(choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { tool_calls: [{ function: { name: "get_weather" } }] } })
  })

  test("that fails before it begins is an error with a status", async () => {
    installation.simulator.configure({ contentFilterWords: ["forbidden"] })
    const error = await errorOf(client.chat.completions.create({ ...ask("Say the forbidden word."), stream: true }))
    installation.simulator.configure({ contentFilterWords: [] })
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error).toMatchObject({ code: "content_filter" })
  })
})

describe("models", () => {
  test("are the routes", async () => {
    const models: string[] = []
    for await (const { id } of client.models.list()) models.push(id)
    expect(models).toEqual(["chat", "also", "big", "claude", "embed", "draw"])
    expect(await client.models.retrieve("embed")).toMatchObject({ id: "embed", object: "model" })
    expect(await client.models.retrieve("gpt-4.1")).toMatchObject({ id: "gpt-4.1" })
    expect(await errorOf(client.models.retrieve("gpt-4o-mini"))).toBeInstanceOf(NotFoundError)
  })
})

describe("embeddings", () => {
  test("come as numbers, whether they travel as base64, which the client asks for by itself, or not", async () => {
    const packed = await client.embeddings.create({ model: "embed", input: ["one", "two"] })
    const plain = await client.embeddings.create({ model: "embed", input: ["one", "two"], encoding_format: "float" })
    expect(packed).toMatchObject({ object: "list", model: "text-embedding-3-small", usage: { prompt_tokens: expect.any(Number) } })
    expect(packed.data.map(({ index }) => index)).toEqual([0, 1])
    for (const [index, { embedding }] of plain.data.entries()) {
      expect(packed.data[index]?.embedding).toEqual(embedding.map(Math.fround))
    }
  })

  test("of tokens are refused by name", async () => {
    expect(await errorOf(client.embeddings.create({ model: "embed", input: [1, 2, 3] }))).toMatchObject({ status: 400, param: "input" })
  })
})

test("images come as bytes and as links that need no key", async () => {
  const { data = [] } = await client.images.generate({ model: "draw", prompt: "A sluice", n: 2, size: "256x256" })
  expect(data).toHaveLength(2)
  for (const { url = "", b64_json: base64 = "" } of data) {
    const answer = await fetch(url)
    expect(answer.headers.get("content-type")).toBe("image/png")
    expect(Buffer.from(await answer.arrayBuffer()).toString("base64")).toBe(base64)
  }
  const [only] = (await client.images.generate({ model: "draw", prompt: "A sluice", response_format: "b64_json" })).data ?? []
  expect(Object.keys(only ?? {})).toEqual(["b64_json"])
})

describe("errors are raised as the client's own classes", () => {
  test("a wrong key", async () => {
    const error = await errorOf(installation.client({ apiKey: "sk_wrong" }).models.list())
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({ status: 401, code: "invalid_api_key", requestID: expect.stringMatching(/./) })
  })

  test("a key without the scope", async () => {
    const { json: made } = await installation.call("POST", "/v1/api-keys", { name: "reader", scopes: ["jobs:read"] })
    const reader = installation.client({ apiKey: z.object({ key: z.string() }).parse(made).key })
    await reader.models.list()
    expect(await errorOf(reader.chat.completions.create(ask("Hello")))).toBeInstanceOf(PermissionDeniedError)
  })

  test.each([
    ["unknown", "gpt-9", "does not exist"],
    ["of another kind", "embed", "kind embedding"],
    ["of several routes", "gpt-4o-mini", "chat, also"],
  ])("a model that is %s", async (_what, model, words) => {
    const error = await errorOf(client.chat.completions.create({ ...ask("Hello"), model }))
    expect(error).toBeInstanceOf(NotFoundError)
    expect(error).toMatchObject({ code: "model_not_found", param: "model", message: expect.stringContaining(words) })
  })

  test.each([
    [{ n: 2 }, "n"],
    [{ logprobs: true }, "logprobs"],
    [{ top_logprobs: 2 }, "top_logprobs"],
    [{ modalities: ["text", "audio"], audio: { voice: "alloy", format: "wav" } }, "audio"],
    [{ functions: [{ name: "f" }] }, "functions"],
    [{ web_search_options: {} }, "web_search_options"],
    [{ temperature: "hot" }, "temperature"],
    [{ colour: "red" }, "colour"],
    [{ metadata: { sluice_x: "1" } }, "metadata.sluice_x"],
    [{ messages: [{ role: "bot", content: "x" }] }, "messages[0].role"],
    [
      { messages: [{ role: "user", content: [{ type: "input_audio", input_audio: { data: "", format: "wav" } }] }] },
      "messages[0].content[0].type",
    ],
    [{ tools: [{ type: "function", function: { name: "not a name" } }] }, "tools[0].function.name"],
    [{ model: "claude", seed: 1 }, "seed"],
  ])("%j, by name", async (wrong, param) => {
    const error = await errorOf(client.post("/chat/completions", { body: { ...ask("Hello"), ...wrong } }))
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error).toMatchObject({ param, type: "invalid_request_error", message: expect.stringMatching(/\w{3}/) })
  })

  test("what no endpoint can make fit", async () => {
    installation.simulator.configure({ contextTokens: 5 })
    const error = await errorOf(client.chat.completions.create(ask("a word ".repeat(50))))
    installation.simulator.configure({ contextTokens: null })
    expect(error).toMatchObject({ status: 400, code: "context_length_exceeded", message: expect.stringMatching(/job_/) })
  })

  test("another body under the same key", async () => {
    const options = { headers: { "Idempotency-Key": `k-${installation.tenant}` } }
    await client.chat.completions.create(ask("One"), options)
    expect(await errorOf(client.chat.completions.create(ask("Two"), options))).toBeInstanceOf(UnprocessableEntityError)
  })

  test("an address that there is not, and a method", async () => {
    expect(await errorOf(client.fineTuning.jobs.list())).toMatchObject({ status: 404, message: expect.stringContaining("fine_tuning") })
    expect(await errorOf(client.delete("/models"))).toMatchObject({ status: 405 })
  })
})

test("a call that outlasts its caller's time-out is told with the job's id, and the same key finds the job again", async () => {
  installation.simulator.configure({ latency: { baseMs: 2_000 } })
  const headers = { "Idempotency-Key": `patient-${installation.tenant}` }
  const { data: first, error } = await client.chat.completions.create(ask("Take your time."), { headers, timeout: 1_000 }).then(
    (data) => ({ data, error: null }),
    (error: unknown) => ({ data: null, error }),
  )
  expect(first).toBeNull()
  expect(error).toBeInstanceOf(InternalServerError)
  const jobId = error instanceof InternalServerError ? error.headers?.get("x-sluice-job-id") : null
  expect(error).toMatchObject({ status: 504, code: "job_unfinished", message: expect.stringContaining(jobId ?? "none") })
  const { response } = await client.chat.completions.create(ask("Take your time."), { headers }).withResponse()
  installation.simulator.configure({ latency: { baseMs: 0 } })
  expect(response.headers.get("x-sluice-job-id")).toBe(jobId)
})

test("with a key the client's own retries go on waiting for the one job", async () => {
  installation.simulator.configure({ latency: { baseMs: 2_500 } })
  const before = installation.simulator.counters().received
  const completion = await client.chat.completions.create(ask("Slowly."), {
    headers: { "Idempotency-Key": `retry-${installation.tenant}` },
    timeout: 1_000,
    maxRetries: 8,
  })
  installation.simulator.configure({ latency: { baseMs: 0 } })
  expect(completion.choices[0]?.message.content).toMatch(/./)
  expect(installation.simulator.counters().received - before).toBe(1)
})

/** What becomes of the next calls. */
async function script(outcomes: readonly string[]): Promise<void> {
  const body = JSON.stringify({ script: outcomes.map((outcome) => ({ outcome })) })
  await fetch(`${installation.simulator.url}/__control`, { method: "POST", body })
}
