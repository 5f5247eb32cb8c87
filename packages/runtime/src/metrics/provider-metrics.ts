import type { Registry } from "@prometheus-io/client"
import type { Attempt } from "@sluice/core"
import { callSeconds } from "./buckets.ts"
import { instrumentsOf } from "./instruments.ts"

export interface ProviderMetrics {
  attempted(event: { readonly attempt: Attempt; readonly kind: string }): void
  /** From the start of the call to the first piece of a streamed answer. */
  firstChunk(event: { readonly endpoint: string; readonly provider: string; readonly model: string; readonly seconds: number }): void
}

/** Token counts, as OpenTelemetry's conventions for generative AI advise. */
const tokenBounds = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304]

/** The names of OpenTelemetry's conventions, where they have one. */
const operations: Readonly<Record<string, string>> = { chat: "chat", embedding: "embeddings", image: "generate_content", custom: "custom" }

/**
 * Calls to providers, by endpoint and the model that the configuration names: the model that a provider says it used has no
 * bound. Names are those of OpenTelemetry's conventions for generative AI where they exist.
 */
export function createProviderMetrics(registry: Registry): ProviderMetrics {
  const { counter, histogram } = instrumentsOf(registry)
  const called = ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "sluice_endpoint"] as const
  const durations = histogram("gen_ai_client_operation_duration_seconds", "Calls to providers.", [...called, "error_type"], callSeconds)
  const firstChunks = histogram(
    "gen_ai_client_operation_time_to_first_chunk_seconds",
    "From the start of a call to the first piece of its streamed answer.",
    ["gen_ai_provider_name", "gen_ai_request_model", "sluice_endpoint"],
    callSeconds,
  )
  const tokens = histogram(
    "gen_ai_client_token_usage",
    "Tokens of one call, by whether they went in or came out.",
    [...called, "gen_ai_token_type"],
    tokenBounds,
  )
  const attempts = counter(
    "sluice_attempts_total",
    "Calls by how they ended; a failure that was not the job's own fault is not charged to it.",
    ["endpoint", "tier", "outcome", "error_type", "charged"],
  )
  const cost = counter("sluice_cost_usd_total", "What calls cost, in USD, by the prices of the configuration.", ["endpoint", "outcome"])
  return {
    attempted({ attempt, kind }) {
      const { endpoint, tier, outcome, errorType, charged, usage, costUsd, provider, model, durationMs } = attempt
      const call = {
        gen_ai_operation_name: operations[kind] ?? kind,
        gen_ai_provider_name: provider,
        gen_ai_request_model: model,
        sluice_endpoint: endpoint,
      }
      attempts.inc({ endpoint, tier, outcome, error_type: errorType ?? "", charged: String(charged) })
      durations.observe({ ...call, error_type: errorType ?? "" }, durationMs / 1_000)
      if (usage) tokens.observe({ ...call, gen_ai_token_type: "input" }, usage.inputTokens)
      if (usage) tokens.observe({ ...call, gen_ai_token_type: "output" }, usage.outputTokens)
      if (costUsd !== null && costUsd > 0) cost.inc({ endpoint, outcome }, costUsd)
    },
    firstChunk: ({ endpoint, provider, model, seconds }) =>
      firstChunks.observe({ sluice_endpoint: endpoint, gen_ai_provider_name: provider, gen_ai_request_model: model }, seconds),
  }
}
