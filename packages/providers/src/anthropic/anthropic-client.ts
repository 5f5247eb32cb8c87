import { Anthropic } from "@anthropic-ai/sdk"
import type { ClientIdentity } from "../transport/client-cache.ts"

/**
 * The version that has sampling parameters (from 2026-10-21 on `temperature`, `top_p` and `top_k` are refused) and that
 * compatible servers know. An endpoint may name another in its headers.
 */
const apiVersion = "2023-06-01"

/**
 * A client of Anthropic's SDK that takes no credential from the process's environment or home directory, repeats nothing
 * and says nothing on the console. The key goes into the documented header, which compatible servers know too; newer SDKs
 * would make it a bearer token. Without a key there is no header, though the SDK insists on having one.
 */
export function createAnthropicClient({ endpoint, apiKey }: ClientIdentity): Anthropic {
  return new Anthropic({
    apiKey: apiKey ?? "none",
    webhookKey: null,
    // The SDK adds the version's path itself, which other wires have in their base URL.
    baseURL: endpoint.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, ""),
    maxRetries: 0,
    logLevel: "off",
    openTelemetry: false,
    defaultHeaders: { authorization: null, "x-api-key": apiKey, "anthropic-version": apiVersion, ...endpoint.headers },
  })
}
