import {
  type ChatOutput,
  embeddingOutput,
  imageOutput,
  type Json,
  type JsonObject,
  type Kind,
  type Output,
  type ResponseFormat,
  type Work,
} from "@sluice/core"
import { parsedOrNull } from "./fit-output.ts"

/**
 * An output from what a person or a rule wrote down. For a chat that is a text, `{text, json?}`, or the JSON that is to be the
 * answer; for all other kinds the output itself. Several when it can be read in several ways, the likeliest first; none when it is
 * no output of that kind.
 */
export function shapeOutput(work: Work, value: Json): readonly Output[] {
  if (work.kind === "chat") return chatOutputs(work.input.responseFormat, value).map((output) => ({ kind: "chat", output }))
  const output = outputOfKind(work.kind, value)
  return output ? [output] : []
}

/** As above for the kinds that are written down as they are; null when `value` is none of them. */
export function outputOfKind(kind: Exclude<Kind, "chat">, value: Json): Exclude<Output, { kind: "chat" }> | null {
  switch (kind) {
    case "embedding": {
      const { data } = embeddingOutput.safeParse(value)
      return data ? { kind, output: data } : null
    }
    case "image": {
      const { data } = imageOutput.safeParse(value)
      return data ? { kind, output: data } : null
    }
    case "custom":
      return { kind, output: value }
  }
}

function chatOutputs(format: ResponseFormat | undefined, value: Json): readonly ChatOutput[] {
  const written = asWritten(value)
  if (format === undefined || format.type === "text") return [chatOutput(written?.text ?? JSON.stringify(value), null)]
  if (!written) return [chatOutput(JSON.stringify(value), value)]
  const parsed = written.json === null ? parsedOrNull(written.text) : written.json
  const read = chatOutput(written.json === null ? written.text : JSON.stringify(parsed), parsed)
  // A schema may well ask for an object with `text`; without one nobody could tell.
  const literal = chatOutput(JSON.stringify(value), value)
  return format.type === "json_schema" ? [read, literal] : [read]
}

interface Written {
  readonly text: string
  readonly json: Json
}

const writtenKeys = ["text", "json", "toolCalls", "finishReason"]

/** A text, or an output of a chat with or without its lesser parts; null for any other JSON. */
function asWritten(value: Json): Written | null {
  if (typeof value === "string") return { text: value, json: null }
  if (!isObject(value) || !Object.keys(value).every((key) => writtenKeys.includes(key))) return null
  const { text, json = null } = value
  return typeof text === "string" ? { text, json } : null
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function chatOutput(text: string, json: Json): ChatOutput {
  return { text, json, toolCalls: [], finishReason: "stop" }
}
