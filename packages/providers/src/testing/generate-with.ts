import { type Provider, type ProviderAnswer, type ProviderCall, ProviderError } from "@sluice/core"
import type { ProviderOptions } from "../provider-settings.ts"
import type { AnswerFixture } from "./fixtures.ts"
import { answeringWith, type SentRequest } from "./mock-dispatcher.ts"

/** When the fixtures were made, so that points in time in them are near. */
export const fixtureNowMs = Date.parse("2026-11-20T18:00:00.000Z")

export interface Exchange {
  readonly create: (options: ProviderOptions) => Provider
  readonly call: ProviderCall
  readonly answer: AnswerFixture
}

/** One call of a new provider, answered with the fixture: the result and what was sent for it. */
export async function generateWith({ create, call, answer }: Exchange): Promise<{ result: ProviderAnswer; sent: SentRequest }> {
  const { dispatcher, requests } = answeringWith(answer, new URL(call.endpoint.baseUrl).origin)
  const provider = create({ dispatcher, now: () => fixtureNowMs })
  const result = await provider.generate(call)
  const [sent] = requests
  if (sent === undefined || requests.length !== 1) throw new Error(`Expected one request, saw ${requests.length}.`)
  return { result, sent }
}

/** The `ProviderError` that one call ends in. */
export async function failWith(exchange: Exchange): Promise<ProviderError> {
  try {
    await generateWith(exchange)
  } catch (error) {
    if (error instanceof ProviderError) return error
    throw error
  }
  throw new Error("Expected the call to fail.")
}
