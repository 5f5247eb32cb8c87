import type { Attempt, GeneratedOutput, ProviderAnswer, Usage } from "@sluice/core"
import type { CallOutcome } from "../execute/call-endpoint.ts"
import { apportion } from "./apportion.ts"

export interface ShareRequest {
  readonly outcome: CallOutcome
  /** Of each in the call, in its order: how many texts are its own, and how large they are. */
  readonly parts: readonly { readonly texts: number; readonly tokens: number }[]
  /** Null: nobody else is in the call. */
  readonly batchCallId: string | null
}

/**
 * What a shared call came to for each who is in it: its own vectors, and its own part of the usage and the cost, which add up to
 * the whole. An error is everybody's. The attempts still have the call's own number and run.
 */
export function shareOut({ outcome, parts, batchCallId }: ShareRequest): readonly CallOutcome[] {
  const weights = parts.map(({ tokens }) => tokens)
  const usages = usagesOf(outcome.attempt.usage, weights)
  const costs = costsOf(outcome.attempt.costUsd, weights)
  let [offset, next] = [0, 0]
  return parts.map(({ texts }, index) => {
    ;[offset, next] = [next, next + texts]
    const usage = usages[index] ?? null
    const attempt: Attempt = { ...outcome.attempt, batchCallId, usage, costUsd: costs[index] ?? null }
    return outcome.kind === "answered"
      ? { ...outcome, attempt, answer: answerOf(outcome.answer, usage, [offset, next]) }
      : { ...outcome, attempt }
  })
}

function answerOf(answer: ProviderAnswer, usage: Usage | null, [from, to]: readonly [number, number]): ProviderAnswer {
  return { ...answer, usage, generated: vectorsOf(answer.generated, from, to) }
}

function vectorsOf(generated: GeneratedOutput, from: number, to: number): GeneratedOutput {
  if (generated.kind !== "embedding") throw new Error(`An embedding was answered with ${generated.kind}`)
  const { embeddings, dimensions } = generated.output
  return { kind: "embedding", output: { embeddings: embeddings.slice(from, to), dimensions } }
}

function usagesOf(usage: Usage | null, weights: readonly number[]): readonly Usage[] {
  if (!usage) return []
  const input = apportion(usage.inputTokens, weights)
  // By the parts of the input, so that nobody has more cached than there was.
  const cached = usage.inputTokens > 0 ? apportion(usage.cachedInputTokens, input) : input
  const output = apportion(usage.outputTokens, weights)
  return input.map((inputTokens, index) => ({
    inputTokens,
    cachedInputTokens: cached[index] ?? 0,
    outputTokens: output[index] ?? 0,
  }))
}

function costsOf(costUsd: number | null, weights: readonly number[]): readonly number[] {
  if (costUsd === null) return []
  const sum = weights.reduce((all, weight) => all + weight, 0)
  return weights.map((weight) => (costUsd * weight) / sum)
}
