import type { RequestIssue } from "../wire/request-issue.ts"
import { broken, type Rule } from "../wire/rules.ts"
import type { ChatRequest } from "./chat-request.ts"
import { strictSchemaFault } from "./strict-schema.ts"

/** Models that think first take neither max_tokens nor another temperature than their own. */
const REASONING_MODEL = /^(o\d|gpt-5)/

/** The rules between the fields of a request to OpenAI; some depend on the model. */
export function chatRules(model: string): readonly Rule<ChatRequest>[] {
  return REASONING_MODEL.test(model) ? REASONING_RULES : RULES
}

const RULES: readonly Rule<ChatRequest>[] = [
  oneTokenLimit,
  streamOptionsNeedStream,
  toolChoiceNeedsTools,
  toolChoiceIsATool,
  toolResultAnswersACall,
  strictResponseFormat,
  strictTools,
  jsonModeIsMentioned,
]
const REASONING_RULES: readonly Rule<ChatRequest>[] = [noMaxTokens, noTemperature, ...RULES]

function noMaxTokens({ max_tokens }: ChatRequest): RequestIssue | null {
  if (max_tokens == null) return null
  const message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
  return broken(["max_tokens"], message, "unsupported_parameter")
}

function noTemperature({ temperature }: ChatRequest): RequestIssue | null {
  if (temperature == null || temperature === 1) return null
  const message = `Unsupported value: 'temperature' does not support ${temperature} with this model. Only the default (1) value is supported.`
  return broken(["temperature"], message, "unsupported_value")
}

function oneTokenLimit({ max_tokens, max_completion_tokens }: ChatRequest): RequestIssue | null {
  if (max_tokens == null || max_completion_tokens == null) return null
  const message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
  return broken(["max_tokens"], message, "invalid_parameter_combination")
}

function streamOptionsNeedStream({ stream, stream_options }: ChatRequest): RequestIssue | null {
  if (stream_options == null || stream === true) return null
  return broken(["stream_options"], "The 'stream_options' parameter is only allowed when 'stream' is enabled.")
}

function toolChoiceNeedsTools({ tools, tool_choice }: ChatRequest): RequestIssue | null {
  if (tool_choice === undefined || tools !== undefined) return null
  return broken(["tool_choice"], "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.")
}

function toolChoiceIsATool({ tools, tool_choice }: ChatRequest): RequestIssue | null {
  if (typeof tool_choice !== "object") return null
  const { name } = tool_choice.function
  if (tools?.some((tool) => tool.function.name === name)) return null
  return broken(["tool_choice"], `Tool choice 'function' '${name}' not found in 'tools' parameter.`)
}

function toolResultAnswersACall({ messages }: ChatRequest): RequestIssue | null {
  const called = new Set<string>()
  for (const [index, message] of messages.entries()) {
    if (message.role === "assistant") for (const call of message.tool_calls ?? []) called.add(call.id)
    if (message.role === "tool" && !called.has(message.tool_call_id)) {
      const text = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
      return broken(["messages", index, "role"], text)
    }
  }
  return null
}

function strictResponseFormat({ response_format: format }: ChatRequest): RequestIssue | null {
  if (format?.type !== "json_schema" || format.json_schema.strict !== true) return null
  const fault = strictSchemaFault(format.json_schema.schema ?? {})
  return fault === null ? null : broken(["response_format"], `Invalid schema for response_format '${format.json_schema.name}': ${fault}`)
}

function strictTools({ tools }: ChatRequest): RequestIssue | null {
  for (const [index, { function: tool }] of (tools ?? []).entries()) {
    const fault = tool.strict === true ? strictSchemaFault(tool.parameters ?? {}) : null
    const path = ["tools", index, "function", "parameters"]
    if (fault !== null) return broken(path, `Invalid schema for function '${tool.name}': ${fault}`, "invalid_function_parameters")
  }
  return null
}

function jsonModeIsMentioned({ response_format, messages }: ChatRequest): RequestIssue | null {
  if (response_format?.type !== "json_object" || /json/i.test(JSON.stringify(messages))) return null
  return broken(["messages"], "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.")
}
