import type { Endpoint } from "@sluice/core"
import { type ClientOptions, OpenAI } from "openai"
import type { SdkExchange } from "../transport/sdk-exchange.ts"

export interface ClientSource {
  readonly endpoint: Endpoint
  readonly apiKey: string | null
  readonly fetch: SdkExchange["fetch"]
}

/**
 * Options for a client of OpenAI's SDK that takes nothing from the process's environment, repeats nothing and says nothing
 * on the console. Without a key the header is left out, though the SDK insists on having one.
 */
export function clientOptions({ endpoint, apiKey, fetch }: ClientSource) {
  return {
    apiKey: apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    fetch,
    maxRetries: 0,
    logLevel: "off" as const,
    defaultHeaders: { ...(apiKey === null && { authorization: null, "api-key": null }), ...endpoint.headers },
  } satisfies ClientOptions
}

export function createOpenaiClient(source: ClientSource): OpenAI {
  return new OpenAI({ ...clientOptions(source), baseURL: source.endpoint.baseUrl })
}
