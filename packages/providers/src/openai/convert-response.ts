import type { ChatInput, EmbeddingInput, GeneratedImage, ImageInput, ToolCall } from "@sluice/core"
import type { Dispatcher } from "undici"
import { imageFromBase64, imageFromUrl } from "../images/generated-image.ts"
import type { ExchangeLimits } from "../transport/http-exchange.ts"
import { CallError } from "../wire/call-error.ts"
import { chatOutputOf } from "../wire/chat-output.ts"
import { embeddingOutputOf } from "../wire/embedding-output.ts"
import type { ConvertedAnswer, WireCall } from "../wire/wire.ts"
import { mapFinishReason } from "./finish-reason.ts"
import {
  type ChatCompletion,
  chatCompletion,
  type EmbeddingList,
  embeddingList,
  imageList,
  usageOfChat,
  usageOfImages,
} from "./response-schema.ts"

type Message = ChatCompletion["choices"][0]["message"]

/** An answer in our terms. `links` fetches pictures that are given as links. Throws `z.ZodError` or `CallError`. */
export async function convertResponse({ work, limits }: WireCall, body: unknown, links: Dispatcher): Promise<ConvertedAnswer> {
  switch (work.kind) {
    case "chat":
      return convertChat(work.input, body)
    case "embedding":
      return convertEmbeddings(work.input, body)
    case "image":
      return await convertImages(work.input, body, { dispatcher: links, limits })
    case "custom":
      throw new CallError({ type: "invalid_input", message: "this wire has no calls of kind custom." })
  }
}

function convertChat(input: ChatInput, body: unknown): ConvertedAnswer {
  const completion = chatCompletion.parse(body)
  const [choice] = completion.choices
  const usage = usageOfChat(completion.usage)
  const generated = chatOutputOf({
    input,
    text: textOf(choice.message),
    toolCalls: toolCallsOf(choice.message),
    finishReason: mapFinishReason(choice.finish_reason),
    refusal: choice.message.refusal ?? null,
    usage,
  })
  return { generated, model: completion.model ?? null, usage }
}

function textOf({ content }: Message): string {
  if (typeof content === "string") return content
  return (content ?? []).map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("")
}

function toolCallsOf({ tool_calls: calls }: Message): ToolCall[] {
  return (calls ?? []).map((call, index) => {
    const written = call.function.arguments ?? "{}"
    return {
      id: call.id || `call_${index}`,
      name: call.function.name,
      arguments: typeof written === "string" ? written : JSON.stringify(written),
    }
  })
}

function convertEmbeddings({ texts }: EmbeddingInput, body: unknown): ConvertedAnswer {
  const list = embeddingList.parse(body)
  const generated = embeddingOutputOf(inOrderOfTexts(list.data), texts.length)
  return { generated, model: list.model ?? null, usage: usageOfChat(list.usage) }
}

/** By the index that each names. Servers that name none answer in the order of the texts. */
function inOrderOfTexts(data: EmbeddingList["data"]): number[][] {
  const inOrder = data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
  const isNumbered = data.some(({ index }) => typeof index === "number")
  if (isNumbered && inOrder.some(({ index }, place) => index !== place)) {
    throw new CallError({ type: "malformed_response", message: "the answer's embeddings are not numbered from 0 on, each once." })
  }
  return inOrder.map(({ embedding }) => embedding)
}

async function convertImages(
  { size }: ImageInput,
  body: unknown,
  links: { dispatcher: Dispatcher; limits: ExchangeLimits },
): Promise<ConvertedAnswer> {
  const list = imageList.parse(body)
  const images = await Promise.all(
    list.data.map(({ b64_json: base64, url }): GeneratedImage | Promise<GeneratedImage> => {
      if (base64) return imageFromBase64(base64, size)
      if (url) return imageFromUrl({ url, requestedSize: size, ...links })
      throw new CallError({ type: "malformed_response", message: "the answer has a picture without bytes or link." })
    }),
  )
  return { generated: { kind: "image", images }, model: list.model ?? null, usage: usageOfImages(list.usage) }
}
