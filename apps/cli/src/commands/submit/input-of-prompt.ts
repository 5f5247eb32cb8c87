import type { Json, Kind } from "@sluice/core"
import { UsageError } from "../../errors/usage-error.ts"

export interface Prompt {
  readonly text: string
  readonly system?: string | undefined
  readonly temperature?: number | undefined
  readonly maxOutputTokens?: number | undefined
  /** JSON Schema that the answer has to satisfy. */
  readonly schema?: Json | undefined
}

/** A prompt as the input of a route of this kind. Throws `UsageError` where a prompt is not enough. */
export function inputOfPrompt(kind: Kind, { text, system, temperature, maxOutputTokens, schema }: Prompt): Json {
  switch (kind) {
    case "chat":
      return {
        messages: [...(system === undefined ? [] : [{ role: "system", content: system }]), { role: "user", content: text }],
        ...(temperature !== undefined && { temperature }),
        ...(maxOutputTokens !== undefined && { maxOutputTokens }),
        ...(schema !== undefined && { responseFormat: { type: "json_schema", schema } }),
      }
    case "embedding":
      return { texts: [text] }
    case "image":
      return { prompt: text }
    case "custom":
      throw new UsageError("The route is of the kind custom, whose input is any JSON: give it with --input FILE (- for standard input).")
  }
}
