import type { CacheableOutput, ChatInput, ChatOutput, Json, Output, Work } from "@sluice/core"
import { checkStructure } from "../../structure/check-structure.ts"
import type { SchemaCache } from "../../structure/schema-cache.ts"

export interface FitRequest<O extends Output> {
  readonly schemas: SchemaCache
  readonly work: Work
  /** Made for another request, or by hand. */
  readonly output: O
}

export interface Fitted<O extends Output> {
  readonly output: O
  /** Null when no schema was asked for. */
  readonly schemaValid: true | null
}

/**
 * An answer that was not made for this very request, as this request may be given it: with the parsed JSON if it asks for JSON,
 * without if it does not. Null when it is no answer here: of another kind, not the JSON that was asked for, not a vector for
 * each text, or a text where only the call of a tool will do.
 */
export function fitOutput(request: FitRequest<CacheableOutput>): Fitted<CacheableOutput> | null
export function fitOutput(request: FitRequest<Output>): Fitted<Output> | null
export function fitOutput({ schemas, work, output }: FitRequest<Output>): Fitted<Output> | null {
  if (work.kind === "chat") return output.kind === "chat" ? fitChat({ schemas, work, output: output.output }) : null
  if (work.kind !== output.kind) return null
  if (work.kind === "embedding" && output.kind === "embedding") {
    const { texts, dimensions = output.output.dimensions } = work.input
    if (output.output.embeddings.length !== texts.length || output.output.dimensions !== dimensions) return null
  }
  return { output, schemaValid: null }
}

interface ChatFit {
  readonly schemas: SchemaCache
  readonly work: Extract<Work, { kind: "chat" }>
  readonly output: ChatOutput
}

function fitChat({ schemas, work, output }: ChatFit): Fitted<Extract<Output, { kind: "chat" }>> | null {
  if (demandsTool(work.input)) return null
  const { responseFormat: format } = work.input
  if (format === undefined || format.type === "text")
    return { output: { kind: "chat", output: { ...output, json: null } }, schemaValid: null }
  const json = output.json ?? parsedOrNull(output.text)
  const fitted = { kind: "chat", output: { ...output, json } } as const
  if (format.type === "json_object") return isObject(json) ? { output: fitted, schemaValid: null } : null
  return checkStructure(schemas, work, fitted)?.valid ? { output: fitted, schemaValid: true } : null
}

function demandsTool({ tools, toolChoice }: ChatInput): boolean {
  const isOffered = tools !== undefined && tools.length > 0
  return isOffered && toolChoice !== undefined && toolChoice !== "auto" && toolChoice !== "none"
}

function isObject(value: Json): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** Null for what is no JSON. */
export function parsedOrNull(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
