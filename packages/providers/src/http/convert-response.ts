import type { ChatInput, GeneratedImage, GeneratedOutput, HttpTemplate, ImageInput, Json, Usage } from "@sluice/core"
import type { Dispatcher } from "undici"
import { headerOf } from "../headers/response-headers.ts"
import { generatedImage, imageFromBase64, imageFromUrl } from "../images/generated-image.ts"
import type { HttpResponse } from "../transport/http-exchange.ts"
import { CallError } from "../wire/call-error.ts"
import { chatOutputOf } from "../wire/chat-output.ts"
import { embeddingOutputOf } from "../wire/embedding-output.ts"
import type { ConvertedAnswer, WireCall } from "../wire/wire.ts"
import { valueAt } from "./json-pointer.ts"
import { chatAnswer, count, pictures, vectors } from "./response-schema.ts"

type Pointers = NonNullable<HttpTemplate["response"]>

/**
 * The parts of an answer that the endpoint's pointers name; without one for the output, the whole body is it. Throws
 * `z.ZodError` or `CallError` when the output does not have the form of its kind.
 */
export async function convertResponse(call: WireCall, body: Json, links: Dispatcher): Promise<ConvertedAnswer> {
  const pointers = call.endpoint.http?.response ?? {}
  const usage = usageAt(body, pointers)
  const model = pointers.model === undefined ? null : valueAt(body, pointers.model)
  const generated = await generatedFrom({ call, value: outputAt(body, pointers), usage, links })
  return { generated, model: typeof model === "string" && model !== "" ? model : null, usage }
}

/** A picture that came as bytes rather than in JSON, else null. */
export function convertRaw({ work }: WireCall, { headers, body }: HttpResponse): ConvertedAnswer | null {
  const contentType = headerOf(headers, "content-type")?.split(";")[0]?.trim() ?? ""
  if (work.kind !== "image" || !contentType.startsWith("image/")) return null
  const images = [generatedImage({ bytes: body, contentType, requestedSize: work.input.size })]
  return { generated: { kind: "image", images }, model: null, usage: null }
}

function outputAt(body: Json, { output }: Pointers): Json {
  const value = output === undefined ? body : valueAt(body, output)
  if (value === undefined) {
    throw new CallError({ type: "malformed_response", message: `the answer has nothing at ${output} (http.response.output).` })
  }
  if (output === undefined && isNothingButAnError(body)) {
    throw new CallError({ type: "malformed_response", message: "the answer is nothing but an error." })
  }
  return value
}

/** Where no pointer says what to expect, `{"error": ..}` inside a success is still no answer. */
function isNothingButAnError(body: Json): boolean {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return false
  return Object.keys(body).join() === "error" && body.error !== null
}

function usageAt(body: Json, { inputTokens, outputTokens }: Pointers): Usage | null {
  const input = countAt(body, inputTokens)
  const output = countAt(body, outputTokens)
  return input === null && output === null ? null : { inputTokens: input ?? 0, cachedInputTokens: 0, outputTokens: output ?? 0 }
}

function countAt(body: Json, pointer: string | undefined): number | null {
  return pointer === undefined ? null : (count.safeParse(valueAt(body, pointer)).data ?? null)
}

interface OutputSource {
  readonly call: WireCall
  readonly value: Json
  readonly usage: Usage | null
  readonly links: Dispatcher
}

async function generatedFrom({ call, value, usage, links }: OutputSource): Promise<GeneratedOutput> {
  const { work } = call
  switch (work.kind) {
    case "custom":
      return { kind: "custom", output: value }
    case "chat":
      return chatFrom(work.input, value, usage)
    case "embedding":
      return embeddingOutputOf(vectors.parse(value), work.input.texts.length)
    case "image":
      return { kind: "image", images: await imagesFrom({ call, input: work.input, value, links }) }
  }
}

function chatFrom(input: ChatInput, value: Json, usage: Usage | null): GeneratedOutput {
  return chatOutputOf({ input, ...chatAnswer.parse(value), refusal: null, usage })
}

function imagesFrom(source: { call: WireCall; input: ImageInput; value: Json; links: Dispatcher }): Promise<GeneratedImage[]> {
  const { call, input, links } = source
  return Promise.all(
    pictures.parse(source.value).map((picture): GeneratedImage | Promise<GeneratedImage> => {
      if (!/^(?:https?|data):/i.test(picture)) return imageFromBase64(picture, input.size)
      return imageFromUrl({ url: picture, requestedSize: input.size, dispatcher: links, limits: call.limits })
    }),
  )
}
