import type { ChatInput, Json, ResponseFormat } from "@sluice/core"
import type { Catalog } from "@sluice/engine"
import type { Translated } from "../jobs/submit-openai-job.ts"
import { routeOf } from "../models/resolve-model.ts"
import { toSchemaFormat, toTool } from "../requests/chat-parts.ts"
import { parseRequest } from "../requests/parse-request.ts"
import { providerParameters } from "../requests/provider-parameters.ts"
import { toJson } from "../requests/to-json.ts"
import { toChatMessage } from "./chat-messages.ts"
import { type ChatRequest, chatProviderParameters, chatRefusals, chatRequest } from "./chat-request.ts"

export interface TranslatedChat extends Translated {
  readonly request: ChatRequest
}

/** The body of `POST /chat/completions` as a job. Throws `OpenaiError`, or a problem, that names the parameter which is wrong. */
export function translateChat(body: unknown, catalog: Catalog): TranslatedChat {
  const request = parseRequest(chatRequest, { body, refusals: chatRefusals })
  const route = routeOf(catalog, { model: request.model, kind: "chat" })
  const passed = Object.fromEntries(Object.entries(request).filter(([name]) => Object.hasOwn(chatProviderParameters, name)))
  const { metadata, sluice } = request
  return {
    request,
    route,
    input: inputOf(request, providerParameters(passed, { catalog, route })),
    metadata,
    sluice,
    // Which endpoint has the prompt in its cache is what affinity is about.
    affinityKey: request.prompt_cache_key ?? undefined,
  }
}

function inputOf(request: ChatRequest, options: Pick<ChatInput, "providerOptions">): Json {
  const { messages, temperature, top_p: topP, stop, tools, tool_choice: choice, response_format: format } = request
  const maxOutputTokens = request.max_completion_tokens ?? request.max_tokens
  return toJson({
    messages: messages.map(toChatMessage),
    maxOutputTokens: maxOutputTokens ?? undefined,
    temperature: temperature ?? undefined,
    topP: topP ?? undefined,
    stop: typeof stop === "string" ? [stop] : (stop ?? undefined),
    tools: tools?.map(({ function: described }) => toTool(described)),
    toolChoice: choice === null || typeof choice !== "object" ? (choice ?? undefined) : { name: choice.function.name },
    responseFormat: format ? formatOf(format) : undefined,
    ...options,
  })
}

function formatOf(format: NonNullable<ChatRequest["response_format"]>): ResponseFormat {
  return format.type === "json_schema" ? toSchemaFormat(format.json_schema) : { type: format.type }
}
