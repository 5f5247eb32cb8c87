import type { ChatInput, Endpoint, ProviderCall, ProviderName, Work } from "@sluice/core"

export const sampleKey = "sk-test-4eC39HqLyjWDarjtT1zdp7dc"

export interface SampleCall {
  readonly provider: ProviderName
  readonly work?: Work
  readonly endpoint?: Partial<Endpoint>
  readonly apiKey?: string | null
  readonly signal?: AbortSignal
}

/** A call like those that the engine makes: of a chat with one short question, unless told otherwise. */
export function sampleCall({ provider, work = chatWork(), endpoint, apiKey = sampleKey, signal }: SampleCall): ProviderCall {
  return {
    endpoint: { name: "test-eu", provider, baseUrl: "http://provider.test", model: "model-1", ...endpoint },
    work,
    apiKey,
    signal: signal ?? new AbortController().signal,
    idempotencyKey: "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6-1",
  }
}

export function chatWork(input: Partial<ChatInput> = {}): Extract<Work, { kind: "chat" }> {
  return { kind: "chat", input: { messages: [{ role: "user", content: "What does a sluice do?" }], ...input } }
}
