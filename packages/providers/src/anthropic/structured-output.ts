import type { Anthropic } from "@anthropic-ai/sdk"
import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema"
import type { ChatInput, JsonObject } from "@sluice/core"

/** The tool that stands in for structured output; its arguments are the answer. */
export const answerToolName = "structured_answer"

/** How an answer in JSON is asked for. Every part is left out where it does not apply. */
export interface StructuredOutput {
  readonly output_config?: Anthropic.OutputConfig
  /** A tool that must be called instead of answering in text. */
  readonly answerTool?: Anthropic.Tool
  /** Added to the system prompt. */
  readonly instruction?: string
}

/** Models from before the wire had structured output. */
const withoutStructuredOutput = /claude-(?:2|instant|3|(?:sonnet|opus)-4-(?:0\b|2025))/

/**
 * Asks for the response format in the best way that the model and the schema allow: the wire's own structured output; a
 * tool whose arguments are the answer, for older models and for schemas that structured output cannot express; an
 * instruction for JSON without a schema, for which the wire has nothing.
 */
export function structuredOutput({ responseFormat }: ChatInput, model: string): StructuredOutput {
  if (responseFormat === undefined || responseFormat.type === "text") return {}
  if (responseFormat.type === "json_object") return { instruction: "Answer with a single JSON object and nothing else." }
  const { schema } = responseFormat
  const strict = withoutStructuredOutput.test(model) ? null : strictSchema(schema)
  if (strict !== null) return { output_config: { format: { type: "json_schema", schema: strict } } }
  return { answerTool: { name: answerToolName, description: "Gives the answer. Call it exactly once.", input_schema: toolSchema(schema) } }
}

/** The schema within the limits of structured output, or null when it cannot be brought within them. */
function strictSchema(schema: JsonObject): Record<string, unknown> | null {
  // Only `$defs` is known there; references to the older keyword would lead nowhere.
  if ("definitions" in schema) return null
  try {
    return transformJSONSchema(schema)
  } catch {
    return null
  }
}

/** Arguments of a tool are an object. Validation of the answer against the schema will tell when it asked for another type. */
function toolSchema(schema: JsonObject): Anthropic.Tool.InputSchema {
  return { ...schema, type: "object" }
}
