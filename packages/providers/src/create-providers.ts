import type { Provider, ProviderName } from "@sluice/core"
import { createAnthropicProvider } from "./anthropic/create-anthropic-provider.ts"
import { createAzureOpenaiProvider } from "./azure-openai/create-azure-openai-provider.ts"
import { createHttpProvider } from "./http/create-http-provider.ts"
import { createOpenaiProvider } from "./openai/create-openai-provider.ts"
import type { ProviderOptions } from "./provider-settings.ts"
import { createConnectionPool } from "./transport/connection-pool.ts"

export interface ProviderRegistry {
  get(name: ProviderName): Provider
  /** Waits for calls in flight, then closes the connections that all providers share. */
  close(): Promise<void>
}

/** All providers over one pool of connections. */
export function createProviders(options: ProviderOptions = {}): ProviderRegistry {
  const pool = createConnectionPool(options.dispatcher)
  const shared: ProviderOptions = { ...options, dispatcher: pool.dispatcher }
  const providers: Readonly<Record<ProviderName, Provider>> = {
    openai: createOpenaiProvider(shared),
    "azure-openai": createAzureOpenaiProvider(shared),
    anthropic: createAnthropicProvider(shared),
    http: createHttpProvider(shared),
  }
  return { get: (name) => providers[name], close: () => pool.close() }
}
