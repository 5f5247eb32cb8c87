import { type ClientOptions, OpenAI } from "openai"
import type { ClientIdentity } from "../transport/client-cache.ts"

/**
 * Options for a client of OpenAI's SDK that takes nothing from the process's environment, repeats nothing and says nothing
 * on the console. Without a key the header is left out, though the SDK insists on having one.
 */
export function clientOptions({ endpoint, apiKey }: ClientIdentity) {
  return {
    apiKey: apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: "off" as const,
    defaultHeaders: { ...(apiKey === null && { authorization: null, "api-key": null }), ...endpoint.headers },
  } satisfies ClientOptions
}

export function createOpenaiClient(source: ClientIdentity): OpenAI {
  return new OpenAI({ ...clientOptions(source), baseURL: source.endpoint.baseUrl })
}
