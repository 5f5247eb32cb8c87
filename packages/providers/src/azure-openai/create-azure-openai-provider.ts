import type { Endpoint, Provider } from "@sluice/core"
import type { MaxTokensName } from "../openai/convert-request.ts"
import { openaiWire } from "../openai/openai-wire.ts"
import { type ProviderOptions, resolveSettings } from "../provider-settings.ts"
import { createWireProvider } from "../wire/create-wire-provider.ts"
import { createAzureClient, speaksV1 } from "./azure-client.ts"
import { azureOpenaiRules } from "./classify-error.ts"

/**
 * Azure OpenAI. The endpoint's `model` is the deployment's name. Without `apiVersion` (or with `v1`, `preview`, `latest`)
 * it is asked at `/openai/v1`, with a dated one at `/openai/deployments/{model}`. A caller's `providerOptions` for
 * `openai` are not passed on: what OpenAI takes, Azure may refuse.
 */
export function createAzureOpenaiProvider(options: ProviderOptions = {}): Provider {
  const settings = resolveSettings(options)
  const wire = openaiWire(settings, {
    createClient: createAzureClient,
    maxTokensName,
    requestIdHeaders: ["apim-request-id", "x-request-id"],
    rules: azureOpenaiRules,
    canStream: (endpoint) => !isOlder(endpoint),
  })
  return createWireProvider(wire, settings)
}

/** The first stable version that documents `max_completion_tokens`, and that tells what a stream has cost. */
const newerSince = "2024-10-21"

function isOlder(endpoint: Endpoint): boolean {
  return !speaksV1(endpoint) && (endpoint.apiVersion ?? "") < newerSince
}

function maxTokensName(endpoint: Endpoint): MaxTokensName {
  return isOlder(endpoint) ? "max_tokens" : "max_completion_tokens"
}
