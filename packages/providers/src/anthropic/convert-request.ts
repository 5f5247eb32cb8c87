import type { Anthropic } from "@anthropic-ai/sdk"
import type { ChatInput, Endpoint } from "@sluice/core"
import { buildBody, type RequestBody } from "../wire/build-body.ts"
import { CallError } from "../wire/call-error.ts"
import type { WireCall } from "../wire/wire.ts"
import { convertMessages } from "./convert-messages.ts"
import { type StructuredOutput, structuredOutput } from "./structured-output.ts"

/** The wire demands a bound. An endpoint sets another with `params.defaults.max_tokens`, a caller with `maxOutputTokens`. */
const defaultMaxTokens = 4_096

/** The body for `/v1/messages`, with the caller's options and the endpoint's `params` applied. Throws `CallError`. */
export function convertRequest({ work, endpoint, stream }: WireCall): RequestBody {
  if (work.kind !== "chat") {
    throw new CallError({ type: "invalid_input", message: `the provider ${endpoint.provider} has no calls of kind ${work.kind}.` })
  }
  const { input } = work
  return buildBody({
    converted: { ...messagesBody(input, endpoint), ...(stream !== null && { stream: true }) },
    providerOptions: input.providerOptions?.[endpoint.provider],
    reserved: ["model", "messages", "system", "stream"],
    fallbacks: { max_tokens: defaultMaxTokens },
    endpoint,
  })
}

function messagesBody(input: ChatInput, endpoint: Endpoint): RequestBody {
  const { system, messages } = convertMessages(input.messages)
  const structured = structuredOutput(input, endpoint.model)
  const { output_config: outputConfig, instruction } = structured
  if (instruction !== undefined) system.push({ type: "text", text: instruction })
  const body: Omit<Anthropic.MessageCreateParamsNonStreaming, "max_tokens"> = {
    model: endpoint.model,
    messages,
    ...(system.length > 0 && { system }),
    ...(input.temperature !== undefined && { temperature: Math.min(input.temperature, 1) }), // this wire ends at 1
    ...(input.topP !== undefined && { top_p: input.topP }),
    ...(input.stop !== undefined && input.stop.length > 0 && { stop_sequences: input.stop }),
    ...toolParams(input, structured),
    ...(outputConfig !== undefined && { output_config: outputConfig }),
  }
  return { ...body, ...(input.maxOutputTokens !== undefined && { max_tokens: input.maxOutputTokens }) }
}

type ToolParams = Pick<Anthropic.MessageCreateParams, "tools" | "tool_choice">

function toolParams({ tools = [], toolChoice }: ChatInput, { answerTool }: StructuredOutput): ToolParams {
  const converted: Anthropic.Tool[] = tools.map(({ name, description, parameters, strict }) => ({
    name,
    input_schema: { ...parameters, type: "object" },
    ...(description !== undefined && { description }),
    ...(strict === true && { strict }), // models that cannot refuse the word itself
  }))
  if (answerTool !== undefined) {
    // With tools of the caller's the model may still choose one of those first.
    const choice: Anthropic.ToolChoice = tools.length === 0 ? { type: "tool", name: answerTool.name } : { type: "any" }
    return { tools: [...converted, answerTool], tool_choice: choice }
  }
  if (converted.length === 0) return {}
  return { tools: converted, ...(toolChoice !== undefined && { tool_choice: convertToolChoice(toolChoice) }) }
}

function convertToolChoice(choice: NonNullable<ChatInput["toolChoice"]>): Anthropic.ToolChoice {
  if (typeof choice !== "string") return { type: "tool", name: choice.name }
  return { type: choice === "required" ? "any" : choice }
}
