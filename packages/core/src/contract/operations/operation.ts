import type { z } from "zod"
import type { Scope } from "../../tenancy/scope.ts"
import { type ProblemCode, problems } from "../problem.ts"

export type Method = "get" | "post" | "put" | "patch" | "delete"

/** What the calls are sorted by in the documentation, in this order. */
export const tags = {
  jobs: "Submit work, follow it, read what came of it.",
  batches: "Up to 10,000 jobs that are submitted, followed and cancelled together.",
  "dead letters": "What failed, expired or could not be delivered: found by cause, replayed, discarded.",
  webhooks: "Who is told of the ends of jobs, and what became of each message.",
  credentials: "A tenant's own keys at providers, for the endpoints that take them.",
  operate: "Routes, endpoints, queues and caches as they are, and an operator's hand on them.",
  "tenants and keys": "Who may call, for whom, and within which limits.",
  usage: "What was used and what it cost; how jobs fared of late.",
  health: "Whether the service is up, and whether it takes jobs.",
  documentation: "What describes the API to people and programs.",
} as const
export type Tag = keyof typeof tags

/** A body in one media type. */
export interface Media {
  /** Null where the bytes are not ours to describe, as those of images. */
  readonly schema: z.ZodType | null
  /** By name. Each is valid by the schema. */
  readonly examples: Readonly<Record<string, unknown>>
}

export type Content = Readonly<Record<string, Media>>

export interface RequestBody {
  /** It may be left out. */
  readonly isOptional?: boolean
  readonly content: Content
}

export interface Answer {
  readonly description: string
  readonly headers?: z.ZodObject
  /** None: the answer has no body. */
  readonly content?: Content
}

/**
 * One call of the API: the API is tested against it, and its document is made of it. What all calls of a kind have in common
 * is not written in each: see `problemsOf`, and for headers the making of the document.
 */
export interface Operation {
  /** Unique, and stable: generated clients name their functions by it. */
  readonly id: string
  readonly method: Method
  /** With parameters in braces: `/v1/jobs/{id}`. */
  readonly path: `/${string}`
  readonly tag: Tag
  /** A few words, as a heading. */
  readonly summary: string
  /** Markdown: limits, units, what is surprising. */
  readonly description?: string
  /** Null: it needs no key. */
  readonly scope: Scope | null
  readonly pathParameters?: z.ZodObject
  readonly query?: z.ZodObject
  /** Lists can be filtered by `metadata.KEY=VALUE` as well. */
  readonly filtersByMetadata?: boolean
  readonly headers?: z.ZodObject
  readonly body?: RequestBody
  /** The good answers, by status. */
  readonly answers: Readonly<Record<number, Answer>>
  /** The answer has an ETag, and `If-None-Match` is understood. */
  readonly isRevalidated?: boolean
  /** Beside those that all calls of its kind can be answered with. */
  readonly problems?: readonly ProblemCode[]
}

/** A body of JSON. */
export function json(schema: z.ZodType, examples: Readonly<Record<string, unknown>>): Content {
  return { "application/json": { schema, examples } }
}

/** Every problem that a call can be answered with, each once, by status. */
export function problemsOf(operation: Operation): readonly ProblemCode[] {
  const { scope, pathParameters, query, body, problems: own = [] } = operation
  const codes = new Set<ProblemCode>(own)
  if (scope !== null) for (const code of ofKeys) codes.add(code)
  if (query) codes.add("validation_failed")
  if (pathParameters) codes.add("not_found")
  if (body) for (const code of ofBodies) codes.add(code)
  codes.add("internal")
  return [...codes].sort((a, b) => problems[a].status - problems[b].status)
}

/** Also `validation_failed`: of unknown parameters, and of `x-sluice-tenant`. */
const ofKeys: readonly ProblemCode[] = [
  "unauthenticated",
  "scope_missing",
  "validation_failed",
  "tenant_rate_limited",
  "storage_unavailable",
]
const ofBodies: readonly ProblemCode[] = ["malformed_json", "validation_failed", "payload_too_large", "unsupported_media_type"]
