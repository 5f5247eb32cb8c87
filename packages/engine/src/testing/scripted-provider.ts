import { type Provider, type ProviderAnswer, type ProviderCall, ProviderError, type ProviderErrorType } from "@sluice/core"

interface ScriptedError {
  readonly error: ProviderErrorType
  readonly retryAfterMs?: number
}

/** What a call shall come to: an answer's text, a class of error, one of the two later, or never an end. */
export type Scripted = ScriptedOutcome | Promise<ScriptedOutcome> | "hang"
export type ScriptedOutcome = { readonly text: string } | ScriptedError

export interface ScriptedProvider extends Provider {
  readonly calls: readonly ProviderCall[]
}

/** A provider that does as `script` says for each call. */
export function scriptedProvider(script: (call: ProviderCall, index: number) => Scripted): ScriptedProvider {
  const calls: ProviderCall[] = []
  return {
    calls,
    supports: (kind) => kind === "chat",
    async generate(call) {
      calls.push(call)
      const outcome = await script(call, calls.length - 1)
      if (outcome === "hang") return untilAborted(call.signal)
      if ("text" in outcome) return answerOf(call, outcome.text)
      const { error: type, retryAfterMs = null } = outcome
      throw new ProviderError({ type, message: `${call.endpoint.name}: ${type}`, retryAfterMs, httpStatus: 500 })
    },
    close: () => Promise.resolve(),
  }
}

export function answerOf(call: ProviderCall, text: string): ProviderAnswer {
  return {
    generated: { kind: "chat", output: { text, json: parsed(text), toolCalls: [], finishReason: "stop" } },
    model: `${call.endpoint.model}-2026`,
    usage: { inputTokens: 1_000, cachedInputTokens: 200, outputTokens: 500 },
    providerRequestId: "r-1",
    httpStatus: 200,
    rateLimits: null,
  }
}

function parsed(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener("abort", abort, { once: true })
  })
}
