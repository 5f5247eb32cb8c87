import { type ProviderAnswer, type ProviderCall, ProviderError, type ProviderErrorType } from "@sluice/core"
import type { ScriptedProvider } from "./scripted-provider.ts"

export interface EmbeddingCall extends ProviderCall {
  readonly texts: readonly string[]
}

export interface EmbeddingScript {
  /** What a call shall fail with, if anything; may be told later. Default: nothing. */
  readonly failure?: (call: EmbeddingCall, index: number) => ProviderErrorType | null | Promise<ProviderErrorType | null>
  /** Default: one vector of two dimensions for each text, the first being its length. */
  readonly vectors?: (texts: readonly string[]) => number[][]
  /** What each call is said to have used. Default: seven tokens a text. */
  readonly inputTokens?: (texts: readonly string[]) => number
}

/** A provider of embeddings that can be recognised, and that fails as the script says. */
export function embeddingProvider({ failure = () => null, vectors = vectorsOf, inputTokens }: EmbeddingScript = {}): ScriptedProvider {
  const calls: ProviderCall[] = []
  return {
    calls,
    supports: (kind) => kind === "embedding",
    async generate(call): Promise<ProviderAnswer> {
      calls.push(call)
      const texts = textsOf(call)
      const type = await untilAborted(Promise.resolve(failure({ ...call, texts }, calls.length - 1)), call.signal)
      if (type) throw new ProviderError({ type, message: `${call.endpoint.name}: ${type}`, httpStatus: 400 })
      const embeddings = vectors(texts)
      return {
        generated: { kind: "embedding", output: { embeddings, dimensions: embeddings[0]?.length ?? 0 } },
        model: "m-2026",
        usage: { inputTokens: inputTokens?.(texts) ?? texts.length * 7, cachedInputTokens: 0, outputTokens: 0 },
        providerRequestId: "r-1",
        httpStatus: 200,
        rateLimits: null,
      }
    },
    close: () => Promise.resolve(),
  }
}

export function textsOf({ work }: ProviderCall): readonly string[] {
  return work.kind === "embedding" ? work.input.texts : []
}

export function vectorsOf(texts: readonly string[]): number[][] {
  return texts.map((text) => [text.length, text.charCodeAt(0)])
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  return await Promise.race([promise, aborted])
}
