import type OpenAI from "openai"
import { BadRequestError, ConflictError, NotFoundError, toFile } from "openai"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { errorOf, useInstallation } from "./support/use-installation.ts"

const { installation, client } = await useInstallation()

type Url = "/v1/chat/completions" | "/v1/embeddings" | "/v1/responses"
const lineOf = (url: Url, id: string, body: object) => JSON.stringify({ custom_id: id, method: "POST", url, body })
const chatLine = (id: string, content = `Request ${id}`) =>
  lineOf("/v1/chat/completions", id, { model: "chat", messages: [{ role: "user", content }] })

async function upload(lines: readonly string[]): Promise<string> {
  const file = await client.files.create({ purpose: "batch", file: await toFile(Buffer.from(lines.join("\n")), "requests.jsonl") })
  return file.id
}

async function start(lines: readonly string[], endpoint: Url = "/v1/chat/completions"): Promise<OpenAI.Batch> {
  return await client.batches.create({ input_file_id: await upload(lines), endpoint, completion_window: "24h", metadata: { night: "1" } })
}

const final = new Set(["completed", "failed", "cancelled", "expired"])

async function ended(id: string): Promise<OpenAI.Batch> {
  for (;;) {
    const batch = await client.batches.retrieve(id)
    // Failed at once, it is told of a moment later.
    if (final.has(batch.status)) return batch
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

const outputLine = z.object({
  id: z.string().regex(/^batch_req_/),
  custom_id: z.string(),
  response: z.object({ status_code: z.int(), request_id: z.string(), body: z.looseObject({}) }).nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
})

async function linesOf(fileId: string | null | undefined) {
  const text = await (await client.files.content(fileId ?? "")).text()
  return text
    .trim()
    .split("\n")
    .map((line) => outputLine.parse(JSON.parse(line)))
}

describe("files", () => {
  test("are kept byte for byte, listed, and deleted", async () => {
    const text = `${chatLine("ü")}\n`
    const file = await client.files.create({ purpose: "batch", file: await toFile(Buffer.from(text), "night.jsonl") })
    expect(file).toMatchObject({
      object: "file",
      bytes: Buffer.byteLength(text),
      filename: "night.jsonl",
      purpose: "batch",
      status: "processed",
    })
    expect(await client.files.retrieve(file.id)).toEqual(file)
    expect(await (await client.files.content(file.id)).text()).toBe(text)
    const listed: string[] = []
    for await (const { id } of client.files.list({ purpose: "batch", limit: 1 })) listed.push(id)
    expect(listed).toContain(file.id)
    expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: "file", deleted: true })
    expect(await errorOf(client.files.retrieve(file.id))).toBeInstanceOf(NotFoundError)
    expect(await errorOf(client.files.content(file.id))).toBeInstanceOf(NotFoundError)
  })

  test("of another purpose are refused, and another tenant's are not found", async () => {
    const file = await toFile(Buffer.from("{}"), "a.jsonl")
    expect(await errorOf(client.files.create({ purpose: "fine-tune", file }))).toMatchObject({ status: 400, param: "purpose" })
    expect(await errorOf(client.post("/files", { body: { purpose: "batch" } }))).toBeInstanceOf(BadRequestError)
    const id = await upload([chatLine("a")])
    const stranger = installation.client({ defaultHeaders: { "x-sluice-tenant": "default" } })
    expect(await errorOf(stranger.files.retrieve(id))).toBeInstanceOf(NotFoundError)
    expect(await errorOf(stranger.files.content(id))).toBeInstanceOf(NotFoundError)
    expect(await errorOf(stranger.files.delete(id))).toBeInstanceOf(NotFoundError)
    const other = { input_file_id: id, endpoint: "/v1/chat/completions", completion_window: "24h" } as const
    expect(await errorOf(stranger.batches.create(other))).toMatchObject({ status: 400, param: "input_file_id" })
  })
})

describe("a batch", () => {
  test("runs through, with its times, and its answers in the order of its requests", async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `r-${index}`)
    const batch = await start(ids.map((id) => chatLine(id)))
    expect(batch).toMatchObject({
      object: "batch",
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
      status: expect.stringMatching(/^(in_progress|finalizing)$/),
      errors: null,
      in_progress_at: expect.any(Number),
      metadata: { night: "1" },
      request_counts: { total: 30, failed: 0 },
    })
    const done = await ended(batch.id)
    expect(done).toMatchObject({
      status: "completed",
      request_counts: { total: 30, completed: 30, failed: 0 },
      completed_at: expect.any(Number),
      finalizing_at: expect.any(Number),
      failed_at: null,
      expired_at: null,
      cancelled_at: null,
      error_file_id: null,
    })
    expect(done.expires_at).toBe(done.created_at + 86_400)
    const lines = await linesOf(done.output_file_id)
    expect(lines.map((line) => line.custom_id)).toEqual(ids)
    expect(lines[0]).toMatchObject({
      response: { status_code: 200, body: { object: "chat.completion", choices: [{ message: { content: expect.stringMatching(/./) } }] } },
      error: null,
    })
    expect(await client.files.retrieve(done.output_file_id ?? "")).toMatchObject({ purpose: "batch_output" })
    const listed: string[] = []
    for await (const { id } of client.batches.list({ limit: 1 })) listed.push(id)
    expect(listed).toContain(batch.id)
    expect((await installation.call("GET", `/v1/batches/${batch.id}`)).json).toMatchObject({
      status: "completed",
      counts: { succeeded: 30 },
    })
  })

  test.each([
    ["/v1/embeddings", { model: "embed", input: "A river" }, { object: "list", data: [{ object: "embedding" }] }],
    ["/v1/responses", { model: "chat", input: "A river", instructions: "Be brief." }, { object: "response", status: "completed" }],
  ] as const)("may be of %s", async (url, body, answer) => {
    const done = await ended((await start([lineOf(url, "a", body)], url)).id)
    expect(await linesOf(done.output_file_id)).toMatchObject([{ custom_id: "a", response: { status_code: 200, body: answer } }])
  })

  test("has what failed in a file of its own", async () => {
    installation.simulator.configure({ contentFilterWords: ["forbidden"] })
    const done = await ended((await start([chatLine("good"), chatLine("bad", "Say the forbidden word.")])).id)
    installation.simulator.configure({ contentFilterWords: [] })
    expect(done).toMatchObject({ status: "completed", request_counts: { total: 2, completed: 1, failed: 1 } })
    expect(await linesOf(done.output_file_id)).toMatchObject([{ custom_id: "good" }])
    expect(await linesOf(done.error_file_id)).toMatchObject([
      { custom_id: "bad", response: { status_code: 400, body: { error: { code: "content_filter" } } } },
    ])
  })

  test("of which a line is wrong fails as a whole, and says where; nothing of it runs", async () => {
    const before = installation.simulator.counters().received
    const batch = await start([
      chatLine("a"),
      "{not json",
      chatLine("a"),
      lineOf("/v1/embeddings", "b", {}),
      lineOf("/v1/chat/completions", "c", { model: "chat", messages: [], n: 2 }),
      lineOf("/v1/chat/completions", "d", { model: "gpt-9", messages: [{ role: "user", content: "x" }] }),
      lineOf("/v1/chat/completions", "e", { model: "chat", messages: [{ role: "user", content: "x" }], stream: true }),
    ])
    expect(batch).toMatchObject({ status: "failed", failed_at: expect.any(Number), in_progress_at: null, request_counts: { total: 0 } })
    expect(batch.errors?.data?.map(({ line, code, param }) => ({ line, code, param }))).toEqual([
      { line: 2, code: "invalid_json_line", param: null },
      { line: 3, code: "duplicate_custom_id", param: "custom_id" },
      { line: 4, code: "invalid_value", param: "url" },
      { line: 5, code: "unsupported_parameter", param: "n" },
      { line: 6, code: "model_not_found", param: "model" },
      { line: 7, code: "unsupported_parameter", param: "stream" },
    ])
    expect(await client.batches.retrieve(batch.id)).toMatchObject({ status: "failed", errors: batch.errors })
    expect(installation.simulator.counters().received).toBe(before)
    expect((await start([])).errors?.data).toMatchObject([{ code: "empty_file" }])
  })

  test("can be cancelled: what has ended stays", async () => {
    installation.simulator.configure({ latency: { baseMs: 1_500 } })
    const batch = await start(Array.from({ length: 60 }, (_, index) => chatLine(`c-${index}`)))
    expect(await client.batches.cancel(batch.id)).toMatchObject({ status: "cancelling", cancelling_at: expect.any(Number) })
    // Nothing may be added to it any more, which is known for certain after a while.
    const { json } = await installation.call("GET", `/v1/batches/${batch.id}`)
    expect(json).toMatchObject({ status: "cancelling" })
    const done = await ended(batch.id)
    installation.simulator.configure({ latency: { baseMs: 0 } })
    expect(done).toMatchObject({ status: "cancelled", cancelled_at: expect.any(Number), completed_at: null })
    const lines = await linesOf(done.error_file_id)
    expect(lines[0]).toMatchObject({ response: null, error: { code: "batch_cancelled" } })
  }, 120_000)

  test("sent again under its key is the same batch", async () => {
    const input_file_id = await upload([chatLine("once")])
    const request = { input_file_id, endpoint: "/v1/chat/completions", completion_window: "24h" } as const
    const options = { headers: { "Idempotency-Key": `batch-${installation.tenant}` } }
    const [first, second] = [await client.batches.create(request, options), await client.batches.create(request, options)]
    expect(second).toMatchObject({ id: first.id, request_counts: { total: 1 } })
  })

  test("of Sluice's own is none here; its results cannot be deleted by themselves; a wrong window is refused", async () => {
    const { json } = await installation.call("POST", "/v1/batches", { defaults: { route: "chat" } })
    const { batch } = z.object({ batch: z.object({ id: z.string() }) }).parse(json)
    expect(await errorOf(client.batches.retrieve(batch.id))).toBeInstanceOf(NotFoundError)
    const own = batch.id.replace("batch_", "file-")
    expect(await errorOf(client.files.content(`${own}-output`))).toBeInstanceOf(NotFoundError)
    expect(await errorOf(client.files.delete(`${own}-output`))).toBeInstanceOf(ConflictError)
    const body = { input_file_id: "file-x", endpoint: "/v1/chat/completions", completion_window: "1h" }
    expect(await errorOf(client.post("/batches", { body }))).toMatchObject({ status: 400, param: "completion_window" })
  })
})
