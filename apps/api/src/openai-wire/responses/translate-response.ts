import type { ChatInput, ChatMessage, Json, ResponseFormat } from "@sluice/core"
import type { Catalog } from "@sluice/engine"
import { invalidParameter } from "../errors/openai-error.ts"
import type { Translated } from "../jobs/submit-openai-job.ts"
import { routeOf } from "../models/resolve-model.ts"
import { toSchemaFormat, toTool } from "../requests/chat-parts.ts"
import { parseRequest } from "../requests/parse-request.ts"
import { providerParameters } from "../requests/provider-parameters.ts"
import { toJson } from "../requests/to-json.ts"
import { toChatMessages } from "./response-items.ts"
import { toMetadata } from "./response-marks.ts"
import { type ResponseRequest, responseProviderParameters, responseRefusals, responseRequest } from "./response-request.ts"

/** How long the job is kept of a caller who does not want it to be: long enough to be told, and to be asked about once more. */
const unstoredMs = 3_600_000

export interface TranslatedResponse extends Translated {
  readonly request: ResponseRequest
}

/** What was said in the responses before, for one that goes on from there. */
export type LoadConversation = (previousResponseId: string) => Promise<readonly ChatMessage[]>

/** The body of `POST /responses` as a job. */
export async function translateResponse(
  body: unknown,
  { catalog, load }: { readonly catalog: Catalog; readonly load: LoadConversation },
): Promise<TranslatedResponse> {
  const request = parseRequest(responseRequest, { body, refusals: responseRefusals })
  const { model, instructions, background, store, previous_response_id: previous, metadata, sluice } = request
  if (background === true && store === false) {
    throw invalidParameter("store", "A background response has to be stored, or nobody could read it. Leave store out.")
  }
  const route = routeOf(catalog, { model, kind: "chat" })
  const passed = Object.fromEntries(Object.entries(request).filter(([name]) => Object.hasOwn(responseProviderParameters, name)))
  const further = { reasoning_effort: request.reasoning?.effort, verbosity: request.text?.verbosity }
  const options = providerParameters({ ...passed, ...further }, { catalog, route })
  const marks = toMetadata({
    model,
    isBackground: background === true,
    hasInstructions: Boolean(instructions),
    previousResponseId: previous ?? null,
  })
  return {
    request,
    route,
    input: inputOf(request, { conversation: previous ? await load(previous) : [], options }),
    metadata: { ...metadata, ...marks },
    sluice: store === false ? { ...sluice, options: { retainMs: unstoredMs, ...sluice.options } } : sluice,
    affinityKey: request.prompt_cache_key ?? undefined,
  }
}

function inputOf(
  request: ResponseRequest,
  { conversation, options }: { readonly conversation: readonly ChatMessage[]; readonly options: Pick<ChatInput, "providerOptions"> },
): Json {
  const { input, instructions, tools, tool_choice: choice, text } = request
  const asked: ChatMessage[] = typeof input === "string" ? [{ role: "user", content: input }] : toChatMessages(input)
  const told: ChatMessage[] = instructions ? [{ role: "system", content: instructions }] : []
  return toJson({
    messages: [...told, ...conversation, ...asked],
    maxOutputTokens: request.max_output_tokens ?? undefined,
    temperature: request.temperature ?? undefined,
    topP: request.top_p ?? undefined,
    tools: tools?.map(toTool),
    toolChoice: choice === null || typeof choice !== "object" ? (choice ?? undefined) : { name: choice.name },
    responseFormat: text?.format ? formatOf(text.format) : undefined,
    ...options,
  })
}

type TextFormat = NonNullable<NonNullable<ResponseRequest["text"]>["format"]>

function formatOf(format: TextFormat): ResponseFormat {
  return format.type === "json_schema" ? toSchemaFormat(format) : { type: format.type }
}
