import { type AnswerText, composeText } from "./compose-text.ts"
import { sampleInstance } from "./json-instance.ts"
import { isRecord, type Json, type JsonSchema } from "./json-schema.ts"
import { breakInstance } from "./json-violation.ts"
import { cutToTokens, estimateTokens } from "./token-estimate.ts"

/** What a model is asked for, in no provider's words. */
export interface CompletionRequest {
  /** The text of the last thing the user said. */
  readonly prompt: string
  readonly maxTokens: number | null
  readonly stop: readonly string[]
  /** The answer is to be JSON of this schema; null for text. */
  readonly schema: JsonSchema | null
  /** The answer is to be a call of this tool. */
  readonly tool: Tool | null
}

export interface Tool {
  readonly name: string
  readonly parameters: JsonSchema
}

/** How an answer deviates from the plain one. */
export type Flavour = "plain" | "content_filter" | "length" | "schema_violation" | "not_json"

export interface Completion {
  readonly text: string
  /** The arguments are JSON, unless cut off by a length limit. */
  readonly toolCall: { readonly name: string; readonly arguments: string } | null
  readonly finish: "stop" | "stop_sequence" | "length" | "tool_call" | "content_filter"
  readonly stopSequence: string | null
  readonly outputTokens: number
}

const WITHHELD: Completion = { text: "", toolCall: null, finish: "content_filter", stopSequence: null, outputTokens: 0 }

/** The answer to a request: always the same for the same arguments. */
export function complete(request: CompletionRequest, { flavour, answers }: { flavour: Flavour; answers: AnswerText }): Completion {
  if (flavour === "content_filter") return WITHHELD
  const { text, finish, stopSequence } = fitToLength(draft(request, flavour, answers), request, flavour)
  const toolCall = request.tool && { name: request.tool.name, arguments: text }
  return {
    text: toolCall ? "" : text,
    toolCall,
    finish: toolCall && finish === "stop" ? "tool_call" : finish,
    stopSequence,
    outputTokens: Math.max(1, estimateTokens(text.length)),
  }
}

function draft({ prompt, schema, tool }: CompletionRequest, flavour: Flavour, answers: AnswerText): string {
  const wanted = tool?.parameters ?? schema
  if (wanted === null) return composeText(prompt, answers)
  if (flavour === "not_json") return `Sure, here is what you asked for: ${composeText(prompt, answers)}`
  const instance = sampleInstance(wanted, prompt)
  return JSON.stringify(flavour === "schema_violation" ? breakInstance(wanted, instance) : argumentsOrAnswer(instance, tool))
}

/** Arguments of a tool are an object even where its schema says nothing. */
function argumentsOrAnswer(instance: Json, tool: Tool | null): Json {
  return tool === null || isRecord(instance) ? instance : {}
}

interface Fitted {
  text: string
  finish: "stop" | "stop_sequence" | "length"
  stopSequence: string | null
}

function fitToLength(text: string, { maxTokens, stop, schema, tool }: CompletionRequest, flavour: Flavour): Fitted {
  if (flavour === "length") return { text: text.slice(0, Math.ceil(text.length / 2)), finish: "length", stopSequence: null }
  const stopSequence = schema === null && tool === null ? firstStop(text, stop) : null
  const upToStop = stopSequence === null ? text : text.slice(0, text.indexOf(stopSequence))
  if (maxTokens !== null && estimateTokens(upToStop.length) > maxTokens) {
    return { text: cutToTokens(upToStop, maxTokens), finish: "length", stopSequence: null }
  }
  return { text: upToStop, finish: stopSequence === null ? "stop" : "stop_sequence", stopSequence }
}

/** The stop sequence that comes first in the text. */
function firstStop(text: string, stop: readonly string[]): string | null {
  let first: string | null = null
  for (const sequence of stop) {
    const index = text.indexOf(sequence)
    if (index !== -1 && (first === null || index < text.indexOf(first))) first = sequence
  }
  return first
}
