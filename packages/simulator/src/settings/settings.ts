import type { OutageMode } from "../faults/outage.ts"
import type { Rates } from "../faults/schedule.ts"
import type { LimitSettings } from "../limits/limit-groups.ts"
import type { AnswerSettings } from "../wire/wire.ts"

/** How long answers take. */
export interface LatencySettings {
  /** Before every answer and error. */
  readonly baseMs: number
  /** A seeded part of this is added to each wait for an answer. */
  readonly jitterMs: number
  /** Added per token of the answer. */
  readonly perOutputTokenMs: number
  /** Before the first piece of a stream, instead of those two. Null: a stream takes as long to begin as an answer in one piece to come. */
  readonly firstChunkMs: number | null
  /** Between the pieces of a stream. */
  readonly chunkMs: number
}

export interface FaultSettings {
  /** Chance of each outcome; what is left to 1 is `ok`. */
  readonly rates: Rates
  /** What a `rate_limited` outcome says in retry-after. */
  readonly retryAfterMs: number
  /** How much later a `slow` outcome answers. */
  readonly slowMs: number
  /** How long a `refuse` outcome refuses connections. */
  readonly refuseMs: number
}

export interface LogSettings {
  /** How many requests are kept, the latest. */
  readonly capacity: number
  /** Keep their bodies too. */
  readonly bodies: boolean
}

/** All that can be set on a running simulator, but for what passes by itself: the script and an outage. */
export interface Settings {
  /** Decides which requests fail and how; see `faults.rates`. */
  readonly seed: number
  /** The keys that are let in; null lets in any. */
  readonly apiKeys: readonly string[] | null
  /** The models (deployments, at Azure) that are served; null for any. */
  readonly models: readonly string[] | null
  /** The longest prompt in tokens; null for any. */
  readonly contextTokens: number | null
  /** Words that make the content filter act. */
  readonly contentFilterWords: readonly string[]
  readonly latency: LatencySettings
  readonly limits: LimitSettings
  readonly faults: FaultSettings
  readonly answers: AnswerSettings
  readonly log: LogSettings
}

export interface OutageRequest {
  readonly mode: OutageMode
  /** Null until it is ended by `outage: null` or a reset. */
  readonly durationMs: number | null
}

export const defaultSettings: Settings = {
  seed: 1,
  apiKeys: null,
  models: null,
  contextTokens: null,
  contentFilterWords: [],
  latency: { baseMs: 0, jitterMs: 0, perOutputTokenMs: 0, firstChunkMs: null, chunkMs: 0 },
  limits: { requestsPerMinute: null, tokensPerMinute: null, burstMs: 60_000, scope: "key-and-model" },
  faults: { rates: {}, retryAfterMs: 1000, slowMs: 5000, refuseMs: 1000 },
  answers: { style: "echo", text: null, outputTokens: null, embeddingDimensions: 256, chunkCharacters: 16 },
  log: { capacity: 1000, bodies: false },
}
