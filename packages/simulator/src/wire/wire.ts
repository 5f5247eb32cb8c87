import type { IncomingHttpHeaders } from "node:http"
import type { Flavour } from "../answers/completion.ts"
import type { AnswerText } from "../answers/compose-text.ts"
import type { LimitState } from "../limits/limit-groups.ts"
import type { Checked, Refusal } from "./refusal.ts"

export type WireName = "openai" | "azure-openai" | "anthropic" | "custom"
export type OperationName = "chat" | "embeddings" | "images" | "models" | "custom"

export interface RequestTarget {
  readonly method: string
  readonly path: string
  /** The query with its question mark, or empty. */
  readonly search: string
}

/** What an operation is given to read a call. */
export interface OperationInput {
  /** The parsed body; undefined for a GET. */
  readonly body: unknown
  readonly answers: AnswerSettings
  /** The models that are served; null for any. */
  readonly models: readonly string[] | null
}

export interface AnswerSettings extends AnswerText {
  readonly embeddingDimensions: number
  /** Length of the pieces of a stream. */
  readonly chunkCharacters: number
}

/** What an answer says of itself. */
export interface AnswerContext {
  /** Names the answer; unique in one run of the simulator. */
  readonly id: string
  readonly createdSeconds: number
  /** Where the simulator is reached, for links to itself. */
  readonly origin: string
  readonly flavour: Flavour
}

export type Answer =
  | { readonly kind: "json"; readonly body: string; readonly outputTokens: number }
  | {
      readonly kind: "stream"
      /** Server-sent events, each with its blank line. */
      readonly events: readonly string[]
      readonly outputTokens: number
    }

/** A call that passed the provider's checks. */
export interface AcceptedCall {
  /** Null for a call that is not about one. */
  readonly model: string | null
  readonly promptTokens: number
  /** What the answer may take, as far as the caller said. */
  readonly maxOutputTokens: number | null
  /** All that the content filter reads. */
  readonly promptText: string
  /** A filtered prompt is refused, or answered with the filter's finish reason. */
  readonly onFilteredPrompt: "refuse" | "finish"
  readonly stream: boolean
  answer(context: AnswerContext): Answer
}

export interface Operation {
  readonly name: OperationName
  /** Checks a call as the provider would. Never throws. */
  accept(input: OperationInput): Checked<AcceptedCall>
}

export interface ErrorReply {
  readonly status: number
  /** An object, to be sent as JSON. */
  readonly body: unknown
}

export interface HeaderContext {
  readonly requestId: string
  /** Null where no limits are set. */
  readonly limits: LimitState | null
  readonly retryAfterMs: number | null
  readonly nowMs: number
}

/** One provider's protocol: where its operations are, how it says no, and its headers. */
export interface Wire {
  readonly name: WireName
  /** The operation that method and path name. */
  route(target: RequestTarget): Checked<Operation>
  /** The caller's key, checked against `apiKeys` unless that is null. */
  authenticate(headers: IncomingHttpHeaders, apiKeys: readonly string[] | null): Checked<string>
  refuse(refusal: Refusal, requestId: string): ErrorReply
  /** The error as it arrives in the middle of a stream. */
  errorEvent(refusal: Refusal, requestId: string): string
  headers(context: HeaderContext): Record<string, string>
}
