import type { GeneratedOutput, Work } from "@sluice/core"
import type { SchemaCache } from "./schema-cache.ts"

const maxErrorsTold = 3

/** Null when no schema was asked for or the model called a tool instead; else whether the answer satisfies it, and why not. */
export type SchemaVerdict = { readonly valid: true } | { readonly valid: false; readonly why: string } | null

/** Checks an answer against the JSON Schema that the caller gave. */
export function checkStructure(schemas: SchemaCache, work: Work, generated: GeneratedOutput): SchemaVerdict {
  const format = work.kind === "chat" ? work.input.responseFormat : undefined
  if (format?.type !== "json_schema" || generated.kind !== "chat") return null
  const { json, toolCalls } = generated.output
  if (toolCalls.length > 0) return null
  if (json === null) return { valid: false, why: "the answer is not JSON" }
  const validate = schemas.validatorFor(format.schema)
  if (validate(json)) return { valid: true }
  const errors = (validate.errors ?? []).slice(0, maxErrorsTold)
  return { valid: false, why: errors.map(({ instancePath, message }) => `${instancePath || "/"} ${message}`).join("; ") }
}
