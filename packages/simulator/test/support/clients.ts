import Anthropic from "@anthropic-ai/sdk"
import { AzureOpenAI, OpenAI } from "openai"
import { expect } from "vitest"
import type { Simulator } from "../../src/index.ts"

/** The official client, which never repeats a call by itself. */
export function openaiClient({ url }: Simulator, options: { apiKey?: string } = {}): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: "sk-test-0123456789", maxRetries: 0, ...options })
}

export function azureClient({ url }: Simulator, options: { apiKey?: string } = {}): AzureOpenAI {
  return new AzureOpenAI({ endpoint: url, apiVersion: "2024-10-21", apiKey: "azure-0123456789", maxRetries: 0, ...options })
}

export function anthropicClient({ url }: Simulator, options: { apiKey?: string } = {}): Anthropic {
  return new Anthropic({ baseURL: url, apiKey: "sk-ant-0123456789", maxRetries: 0, ...options })
}

/** What a promise is rejected with; fails if it is not. */
export async function failureOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error("The call succeeded, and was expected to fail.")
}

/** As `expect.poll`, with time enough for a machine that is busy with other tests. */
export function eventually<T>(read: () => T | Promise<T>) {
  return expect.poll(read, { timeout: 15_000, interval: 20 })
}
