import type { ChatInput, EmbeddingInput, Endpoint, ImageInput, ResponseFormat } from "@sluice/core"
import type { OpenAI } from "openai"
import { buildBody, type RequestBody } from "../wire/build-body.ts"
import { CallError } from "../wire/call-error.ts"
import type { WireCall } from "../wire/wire.ts"
import { convertMessages } from "./convert-messages.ts"

export interface OpenaiRequest {
  readonly path: "/chat/completions" | "/embeddings" | "/images/generations"
  readonly body: RequestBody
}

/** What servers of this wire call the bound of an answer's length. The newer name also bounds hidden reasoning. */
export type MaxTokensName = "max_tokens" | "max_completion_tokens"

/** The request for a job, with the caller's options and the endpoint's `params` applied. Throws `CallError`. */
export function convertRequest({ work, endpoint, stream }: WireCall, maxTokensName: MaxTokensName): OpenaiRequest {
  switch (work.kind) {
    case "chat":
      return { path: "/chat/completions", body: chatBody(work.input, endpoint, { maxTokensName, isStreamed: stream !== null }) }
    case "embedding":
      return { path: "/embeddings", body: embeddingBody(work.input, endpoint) }
    case "image":
      return { path: "/images/generations", body: imageBody(work.input, endpoint) }
    case "custom":
      throw new CallError({ type: "invalid_input", message: `the provider ${endpoint.provider} has no calls of kind custom.` })
  }
}

interface ChatForm {
  readonly maxTokensName: MaxTokensName
  readonly isStreamed: boolean
}

function chatBody(input: ChatInput, endpoint: Endpoint, { maxTokensName, isStreamed }: ChatForm): RequestBody {
  const converted: OpenAI.ChatCompletionCreateParams = {
    model: endpoint.model,
    messages: convertMessages(input.messages),
    ...(input.maxOutputTokens !== undefined && { [maxTokensName]: input.maxOutputTokens }),
    ...(input.temperature !== undefined && { temperature: input.temperature }),
    ...(input.topP !== undefined && { top_p: input.topP }),
    ...(input.stop !== undefined && input.stop.length > 0 && { stop: input.stop }),
    ...toolParams(input),
    ...formatParams(input.responseFormat),
    // A stream tells what it cost only when it is asked to.
    ...(isStreamed && { stream: true, stream_options: { include_usage: true } }),
  }
  return buildBody({
    converted: { ...converted },
    providerOptions: input.providerOptions?.[endpoint.provider],
    reserved: ["model", "messages", "stream", "stream_options", "n"],
    endpoint,
  })
}

/** Servers refuse an empty list of tools, and a choice among none. */
function toolParams({ tools = [], toolChoice }: ChatInput): Pick<OpenAI.ChatCompletionCreateParams, "tools" | "tool_choice"> {
  if (tools.length === 0) return {}
  return {
    tools: tools.map(({ name, description, parameters, strict }) => ({
      type: "function",
      function: { name, parameters, ...(description !== undefined && { description }), ...(strict !== undefined && { strict }) },
    })),
    ...(toolChoice !== undefined && {
      tool_choice: typeof toolChoice === "string" ? toolChoice : { type: "function", function: { name: toolChoice.name } },
    }),
  }
}

function formatParams(format: ResponseFormat | undefined): Pick<OpenAI.ChatCompletionCreateParams, "response_format"> {
  if (format === undefined || format.type === "text") return {}
  if (format.type === "json_object") return { response_format: { type: "json_object" } }
  // The wire takes no other characters in the name, which means nothing to the model.
  const name = format.name.replaceAll(/[^a-zA-Z0-9_-]/g, "_")
  const { schema, description, strict } = format
  const told = { ...(description !== undefined && { description }), ...(strict !== undefined && { strict }) }
  return { response_format: { type: "json_schema", json_schema: { name, schema, ...told } } }
}

function embeddingBody(input: EmbeddingInput, endpoint: Endpoint): RequestBody {
  const converted: OpenAI.EmbeddingCreateParams = {
    model: endpoint.model,
    input: input.texts,
    // Servers other than OpenAI's often know no base64.
    encoding_format: "float",
    ...(input.dimensions !== undefined && { dimensions: input.dimensions }),
  }
  return buildBody({
    converted: { ...converted },
    providerOptions: input.providerOptions?.[endpoint.provider],
    reserved: ["model", "input", "encoding_format"],
    endpoint,
  })
}

function imageBody(input: ImageInput, endpoint: Endpoint): RequestBody {
  const converted = {
    model: endpoint.model,
    prompt: input.prompt,
    ...(input.size !== undefined && { size: input.size }),
    ...(input.count !== undefined && { n: input.count }),
    // Those models answer with a link unless told otherwise; the newer ones know no choice and refuse the parameter.
    ...(endpoint.model.startsWith("dall-e") && { response_format: "b64_json" }),
  }
  return buildBody({
    converted,
    providerOptions: input.providerOptions?.[endpoint.provider],
    reserved: ["model", "prompt", "n", "stream", "partial_images"],
    endpoint,
  })
}
