import type { Endpoint, Provider } from "@sluice/core"
import { type ProviderOptions, resolveSettings } from "../provider-settings.ts"
import { createWireProvider } from "../wire/create-wire-provider.ts"
import { openaiRules } from "./classify-error.ts"
import type { MaxTokensName } from "./convert-request.ts"
import { createOpenaiClient } from "./openai-client.ts"
import { openaiWire } from "./openai-wire.ts"

/** OpenAI, and any server that speaks its wire at `baseUrl` (with the path up to and including `/v1`, where it has one). */
export function createOpenaiProvider(options: ProviderOptions = {}): Provider {
  const settings = resolveSettings(options)
  const wire = openaiWire(settings, {
    createClient: createOpenaiClient,
    maxTokensName,
    requestIdHeaders: ["x-request-id"],
    rules: openaiRules,
  })
  return createWireProvider(wire, settings)
}

/**
 * OpenAI's own models that reason take only the newer name, many other servers only the older one. An endpoint that
 * differs says so with `params.rename`.
 */
function maxTokensName({ baseUrl }: Endpoint): MaxTokensName {
  return /(?:^|\.)openai\.com$/.test(new URL(baseUrl).hostname) ? "max_completion_tokens" : "max_tokens"
}
