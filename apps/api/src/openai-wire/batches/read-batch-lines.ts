import { setImmediate } from "node:timers/promises"
import { type BatchItem, inputSchemas, maxBatchItems } from "@sluice/core"
import type { IncomingItem } from "@sluice/engine"
import { z } from "zod"
import { bodyProblem } from "../../problems/body-problem.ts"
import { OpenaiError } from "../errors/openai-error.ts"
import { openaiErrorOf } from "../errors/openai-error-of.ts"
import { submissionOf } from "../jobs/submit-openai-job.ts"
import { parseRequest } from "../requests/parse-request.ts"
import { type BatchUrl, batchEndpoints, type TranslationContext } from "./batch-endpoints.ts"

/** What is wrong with a line, as OpenAI tells of it. */
export interface LineError {
  readonly line: number
  readonly code: string
  readonly message: string
  readonly param: string | null
}

export type ReadLine = { readonly line: number; readonly bytes: number; readonly item: BatchItem } | LineError

export interface ReadBatchLinesOptions extends TranslationContext {
  readonly endpoint: BatchUrl
}

/** So many lines are read before others get a turn. */
const linesAtOnce = 25

const requestLine = (endpoint: BatchUrl) =>
  z.strictObject({ custom_id: z.string().min(1).max(256), method: z.literal("POST"), url: z.literal(endpoint), body: z.unknown() })

/** The lines of a batch's file as items, or what is wrong with them: all lines are looked at, empty ones are none. */
export async function* readBatchLines(bytes: Uint8Array, { endpoint, ...context }: ReadBatchLinesOptions): AsyncGenerator<ReadLine> {
  const customIds = new Set<string>()
  const schema = requestLine(endpoint)
  for (const { line, text } of linesOf(bytes)) {
    if (line % linesAtOnce === 0) await setImmediate()
    try {
      const request = parseRequest(schema, { body: parseLine(text), refusals: {} })
      if (customIds.has(request.custom_id)) throw repeated(request.custom_id)
      customIds.add(request.custom_id)
      if (customIds.size > maxBatchItems) throw tooMany()
      const job = submissionOf(await batchEndpoints[endpoint].translate(request.body, context))
      assertInput(job, context)
      yield { line, bytes: text.length, item: { customId: request.custom_id, job } }
    } catch (error) {
      const { code, message, param } = openaiErrorOf(error)
      yield { line, code, message, param }
    }
  }
}

function* linesOf(bytes: Uint8Array): Generator<{ readonly line: number; readonly text: string }> {
  const decoder = new TextDecoder("utf-8")
  const newline = 0x0a
  let line = 1
  for (let from = 0; from < bytes.length; line += 1) {
    const found = bytes.indexOf(newline, from)
    const end = found === -1 ? bytes.length : found
    const text = decoder.decode(bytes.subarray(from, end))
    if (text.trim() !== "") yield { line, text }
    from = end + 1
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new OpenaiError({
      status: 400,
      type: "invalid_request_error",
      code: "invalid_json_line",
      message: "This line is not valid JSON.",
    })
  }
}

/** The rest of what a submission would be refused for, so that a batch is in order before any of it runs. */
function assertInput({ route, input }: { readonly route: string; readonly input: unknown }, { catalog }: TranslationContext): void {
  const kind = catalog.routes[route]?.kind
  const parsed = kind && inputSchemas[kind].safeParse(input)
  if (parsed?.success === false) throw bodyProblem(parsed.error, { body: { input }, at: ["input"] })
}

function repeated(customId: string): OpenaiError {
  const message = `The custom_id ${customId} stands in an earlier line already. Give each request its own.`
  return new OpenaiError({ status: 400, type: "invalid_request_error", code: "duplicate_custom_id", param: "custom_id", message })
}

function tooMany(): OpenaiError {
  const message = `A batch has at most ${maxBatchItems} requests. Divide the file into several.`
  return new OpenaiError({ status: 400, type: "invalid_request_error", code: "too_many_requests", message })
}

/** The items alone, for a file whose lines are all in order. */
export async function* itemsOf(lines: AsyncIterable<ReadLine>): AsyncGenerator<IncomingItem> {
  for await (const read of lines) if ("item" in read) yield { line: read.line, bytes: read.bytes, value: read.item }
}
