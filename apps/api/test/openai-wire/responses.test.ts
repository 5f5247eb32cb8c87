import type OpenAI from "openai"
import { BadRequestError, ConflictError, NotFoundError } from "openai"
import { zodTextFormat } from "openai/helpers/zod"
import { afterEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { errorOf, useInstallation } from "./support/use-installation.ts"

const { installation, client } = await useInstallation()
afterEach(() => installation.simulator.configure({ answers: { text: null }, latency: { baseMs: 0, chunkMs: 0 }, contentFilterWords: [] }))

/** A second of pieces: however slow this machine is, they cannot all come at once. */
const longText = "One two three four five six seven eight nine ten. ".repeat(10)
const slowly = () => installation.simulator.configure({ answers: { text: longText }, latency: { chunkMs: 30 } })
const look = {
  type: "function" as const,
  name: "look",
  parameters: { type: "object", properties: { river: { type: "string" } } },
  strict: false,
}

const picture = { type: "input_image" as const, image_url: "https://pictures.example/rhine.png", detail: "low" as const }

type Event = OpenAI.Responses.ResponseStreamEvent

const textIn = (events: readonly Event[]) =>
  events.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("")

/** The next so many events of a stream, whose connection is then broken off. */
async function take(events: AsyncIterable<Event>, count: number): Promise<Event[]> {
  const taken: Event[] = []
  for await (const event of events) {
    if (taken.push(event) === count) break
  }
  return taken
}

async function ended(id: string): Promise<OpenAI.Responses.Response> {
  for (;;) {
    const response = await client.responses.retrieve(id)
    if (response.status !== "queued" && response.status !== "in_progress") return response
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

describe("a response", () => {
  test("that is waited for has its text, its usage, and who gave it", async () => {
    const response = await client.responses.create({
      model: "chat",
      instructions: "Be brief.",
      input: "What does a sluice do?",
      metadata: { order: "81" },
      max_output_tokens: 200,
      temperature: 0.5,
    })
    expect(response).toMatchObject({
      object: "response",
      status: "completed",
      background: false,
      model: "gpt-4o-mini",
      instructions: "Be brief.",
      temperature: 0.5,
      max_output_tokens: 200,
      error: null,
      output: [{ type: "message", role: "assistant", status: "completed", content: [{ type: "output_text" }] }],
      usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
      metadata: { order: "81", sluice_quality: "full", sluice_endpoint: expect.stringMatching(/^sim-/) },
    })
    expect(response.output_text).toMatch(/./)
    expect(installation.lastBody()).toMatchObject({ messages: [{ role: "system", content: "Be brief." }, { role: "user" }] })
    expect(await client.responses.retrieve(response.id)).toMatchObject({ id: response.id, output: response.output })
  })

  test("shows what it was made from, by page, in either order, and so that it can be sent again", async () => {
    const input = [
      { role: "user" as const, content: [{ type: "input_text" as const, text: "Look at this river." }, picture] },
      { type: "function_call" as const, call_id: "call_1", name: "look", arguments: '{"river":"Rhine"}' },
      { type: "function_call_output" as const, call_id: "call_1", output: "It is wide." },
    ]
    const first = await client.responses.create({ model: "chat", instructions: "Be brief.", input, tools: [look] })
    const second = await client.responses.create({ model: "chat", input: "And deep?", previous_response_id: first.id })
    const items: OpenAI.Responses.ResponseItem[] = []
    for await (const item of client.responses.inputItems.list(second.id, { order: "asc", limit: 2 })) items.push(item)
    expect(items).toMatchObject([
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "Look at this river." },
          { ...picture, detail: "low" },
        ],
      },
      { type: "function_call", call_id: "call_1", name: "look", arguments: '{"river":"Rhine"}' },
      { type: "function_call_output", call_id: "call_1", output: "It is wide." },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: first.output_text }] },
      { type: "message", role: "user", content: [{ type: "input_text", text: "And deep?" }] },
    ])
    expect(new Set(items.map(({ id }) => id)).size).toBe(5)
    const newest = await client.responses.inputItems.list(second.id)
    expect([newest.data, newest.has_more]).toEqual([items.toReversed(), false])
    const asked: OpenAI.Responses.ResponseInputItem[] = JSON.parse(JSON.stringify(items))
    expect(await client.responses.create({ model: "chat", input: asked })).toMatchObject({ status: "completed" })
    const after = client.responses.inputItems.list(second.id, { after: "msg_nowhere" })
    expect(await errorOf(after)).toMatchObject({ status: 400, param: "after" })
    expect(await errorOf(client.responses.inputItems.list(`resp_${"0".repeat(32)}`))).toBeInstanceOf(NotFoundError)
  })

  test("goes on from the one before, without its instructions", async () => {
    const first = await client.responses.create({ model: "chat", instructions: "Be brief.", input: "My name is Ada." })
    const second = await client.responses.create({ model: "chat", input: "What is my name?", previous_response_id: first.id })
    expect(second.previous_response_id).toBe(first.id)
    expect(installation.lastBody()).toMatchObject({
      messages: [
        { role: "user", content: "My name is Ada." },
        { role: "assistant", content: first.output_text },
        { role: "user", content: "What is my name?" },
      ],
    })
    const error = await errorOf(client.responses.create({ model: "chat", input: "x", previous_response_id: `resp_${"0".repeat(32)}` }))
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error).toMatchObject({ param: "previous_response_id", code: "previous_response_not_found" })
  })

  test("has functions called, and takes what they gave", async () => {
    const input: OpenAI.Responses.ResponseInputItem[] = [{ role: "user", content: "look at the Rhine" }]
    const first = await client.responses.create({ model: "chat", input, tools: [look], tool_choice: "required" })
    const [call] = first.output
    expect(call).toMatchObject({ type: "function_call", name: "look", status: "completed" })
    if (call?.type !== "function_call") throw new Error("There is no call.")
    const answers: OpenAI.Responses.ResponseInputItem[] = [
      ...input,
      call,
      { type: "function_call_output", call_id: call.call_id, output: "High." },
    ]
    expect((await client.responses.create({ model: "chat", input: answers, tools: [look] })).output_text).toMatch(/./)
    const next = await client.responses.create({
      model: "chat",
      previous_response_id: first.id,
      input: [{ type: "function_call_output", call_id: call.call_id, output: "High." }],
    })
    expect(next.output_text).toMatch(/./)
    expect(installation.lastBody()).toMatchObject({
      messages: [{ role: "user" }, { role: "assistant", tool_calls: [{ id: call.call_id }] }, { role: "tool" }],
    })
  })

  test("holds to a schema, by the client's own helper", async () => {
    const River = z.object({ name: z.string() })
    const response = await client.responses.parse({ model: "chat", input: "Which?", text: { format: zodTextFormat(River, "river") } })
    expect(River.safeParse(response.output_parsed).success).toBe(true)
  })

  test("that was cut short is incomplete", async () => {
    installation.simulator.configure({ answers: { text: longText } })
    const response = await client.responses.create({ model: "chat", input: "Count.", max_output_tokens: 16 })
    expect(response).toMatchObject({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } })
  })

  test.each([
    [{ tools: [{ type: "web_search" }] }, "tools[0].type"],
    [{ conversation: "conv_1" }, "conversation"],
    [{ include: ["message.output_text.logprobs"] }, "include"],
    [{ truncation: "auto" }, "truncation"],
    [{ background: true, store: false }, "store"],
    [{ prompt: { id: "p" } }, "prompt"],
    [{ input: undefined }, "input"],
  ])("that asks for %j is refused by name", async (wrong, param) => {
    const error = await errorOf(client.post("/responses", { body: { model: "chat", input: "Hello", ...wrong } }))
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error).toMatchObject({ param })
  })
})

describe("in the background", () => {
  test("it is there at once, and its end can be polled", async () => {
    const response = await client.responses.create({ model: "chat", input: "What does a sluice do?", background: true })
    expect(response).toMatchObject({ status: "queued", background: true, output: [] })
    expect(await ended(response.id)).toMatchObject({
      id: response.id,
      status: "completed",
      background: true,
      output_text: expect.stringMatching(/./),
    })
  })

  test("it goes on when its caller leaves", async () => {
    slowly()
    const stream = await client.responses.create({ model: "chat", input: "Count.", background: true, stream: true })
    let id = ""
    for await (const event of stream) {
      if (event.type === "response.created") id = event.response.id
      if (event.type === "response.output_text.delta") break
    }
    expect(await ended(id)).toMatchObject({ status: "completed", output_text: longText })
  })

  test("it can be cancelled, which ends its call, and cancelled again", async () => {
    slowly()
    const stream = await client.responses.create({ model: "chat", input: "Count.", background: true, stream: true })
    let id = ""
    const types: string[] = []
    for await (const event of stream) {
      types.push(event.type)
      if (event.type === "response.created") id = event.response.id
      if (event.type === "response.output_text.delta" && types.filter((type) => type === event.type).length === 1) {
        expect(await client.responses.cancel(id)).toMatchObject({ status: "cancelled" })
      }
    }
    expect(types.at(-1)).toBe("response.failed")
    expect(await client.responses.cancel(id)).toMatchObject({ id, status: "cancelled" })
  })

  test("its failure is in it", async () => {
    installation.simulator.configure({ contextTokens: 5 })
    const { id } = await client.responses.create({ model: "chat", input: "a word ".repeat(50), background: true })
    const response = await ended(id)
    installation.simulator.configure({ contextTokens: null })
    expect(response).toMatchObject({
      status: "failed",
      error: { code: "invalid_prompt", message: expect.stringContaining("context_length") },
    })
  })

  test("deleted, it is gone; not before its end", async () => {
    slowly()
    const { id } = await client.responses.create({ model: "chat", input: "Count.", background: true })
    expect(await errorOf(client.responses.delete(id))).toBeInstanceOf(ConflictError)
    await ended(id)
    await client.responses.delete(id)
    expect(await errorOf(client.responses.retrieve(id))).toBeInstanceOf(NotFoundError)
  })
})

test("a job that is no response is none here, and another tenant's is not found", async () => {
  const completion = await client.chat.completions.create({ model: "chat", messages: [{ role: "user", content: "x" }] })
  expect(await errorOf(client.responses.retrieve(completion.id.replace("chatcmpl-", "resp_")))).toBeInstanceOf(NotFoundError)
  const { id } = await client.responses.create({ model: "chat", input: "Hello" })
  const stranger = installation.client({ defaultHeaders: { "x-sluice-tenant": "default" } })
  expect(await errorOf(stranger.responses.retrieve(id))).toBeInstanceOf(NotFoundError)
  expect(await errorOf(stranger.responses.cancel(id))).toBeInstanceOf(NotFoundError)
  expect(await errorOf(stranger.responses.delete(id))).toBeInstanceOf(NotFoundError)
  expect(await errorOf(stranger.chat.completions.retrieve(completion.id))).toBeInstanceOf(NotFoundError)
})

describe("a stream", () => {
  test("satisfies the client's own bookkeeping, with text and with calls", async () => {
    slowly()
    const streamed = client.responses.stream({ model: "chat", input: "Count." })
    const types = new Set<string>()
    for await (const { type } of streamed) types.add(type)
    const final = await streamed.finalResponse()
    expect(final).toMatchObject({ status: "completed", output_text: longText })
    expect([...types]).toEqual([
      "response.created",
      "response.queued",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ])
    const called = await client.responses.stream({ model: "chat", input: "look", tools: [look], tool_choice: "required" }).finalResponse()
    expect(called.output).toMatchObject([{ type: "function_call", name: "look" }])
  })

  test("goes on after any number, on another connection, without a letter twice or missing", async () => {
    slowly()
    const first = await client.responses.create({ model: "chat", input: "Count.", background: true, stream: true })
    const seen = await take(first, 6)
    const id = seen[0]?.type === "response.created" ? seen[0].response.id : ""
    // Connections that break again and again.
    while (seen.at(-1)?.type !== "response.completed") {
      const after = seen.at(-1)?.sequence_number ?? 0
      seen.push(...(await take(await client.responses.retrieve(id, { stream: true, starting_after: after }), 3)))
    }
    expect(textIn(seen)).toBe(longText)
    const numbers = seen.map((event) => event.sequence_number)
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))

    // In the middle of what came in one piece.
    const known = seen.slice(0, 6)
    const within = (known.at(-1)?.sequence_number ?? 0) + 7
    const rest = await take(await client.responses.retrieve(id, { stream: true, starting_after: within }), 1_000)
    expect(textIn(rest)).toBe(longText.slice(textIn(known).length + 7))
  })

  test("begins a new message when the call fails half-way, and ends with the one that counts", async () => {
    slowly()
    const body = JSON.stringify({ script: [{ outcome: "stall" }] })
    await fetch(`${installation.simulator.url}/__control`, { method: "POST", body })
    const streamed = client.responses.stream({ model: "chat", input: "Count." })
    const items: string[] = []
    for await (const event of streamed) {
      if (event.type === "response.output_item.added") items.push(event.item.id ?? "")
      if (event.type === "response.output_text.delta") installation.simulator.configure({ answers: { text: "Quite another answer." } })
    }
    expect(new Set(items).size).toBe(2)
    expect(await streamed.finalResponse()).toMatchObject({ status: "completed", output_text: "Quite another answer." })
  })
})
