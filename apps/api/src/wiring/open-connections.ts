import type { Configuration } from "@sluice/core"
import { faultsOfConfiguration } from "@sluice/engine"
import { createProviders, listPriceOf, type ProviderRegistry } from "@sluice/providers"
import { connectRedis, type RedisHandle } from "@sluice/redis"
import {
  type Credentials,
  createCredentials,
  createEndpointPricing,
  type LiveCatalog,
  openCatalog,
  readEncryptionKeys,
} from "@sluice/runtime"
import { connectStore, type EncryptionKey } from "@sluice/store"
import { faultsOfWebhooks } from "@sluice/webhooks"
import { type ApiMetrics, createApiMetrics } from "../metrics/api-metrics.ts"
import type { StartApiOptions } from "../start-api.ts"
import { type DeferredStore, openDeferredStore } from "./deferred-store.ts"

/** What the process holds open until it ends. */
export interface Connections {
  readonly catalog: LiveCatalog
  readonly credentials: Credentials
  readonly metrics: ApiMetrics
  readonly store: DeferredStore
  readonly redis: RedisHandle
  readonly providers: ProviderRegistry
}

/**
 * Opens everything without waiting for it, and sees to its closing. Rejects with `ConfigurationError` for a configuration that is
 * wrong, and with `EnvironmentError` when the keys of encryption cannot be had.
 */
export async function openConnections(options: StartApiOptions): Promise<Connections> {
  const { environment, variables, logger, releasers, signal } = options
  const priceEndpoints = createEndpointPricing({ listPriceOf, logger })
  const catalog = await openCatalog({ path: environment.configPath, check: faultsOf, priceEndpoints, logger, signal })
  const credentials = createCredentials({ environment: variables })
  const encryptionKeys = await readEncryptionKeys({ keys: environment.encryptionKeys, credentials })
  const metrics = createApiMetrics()
  const store = openStore({ ...options, encryptionKeys }, metrics)
  releasers.push({ name: "store", release: () => store.close() })
  const { redisUrl: url, namespace } = environment
  const redis = connectRedis({ url, namespace, onError: (error) => logger.warn({ err: error }, "redis") })
  releasers.push({ name: "redis", release: () => redis.close() })
  const providers = createProviders()
  releasers.push({ name: "providers", release: () => providers.close() })
  return { catalog, credentials, metrics, store, redis, providers }
}

const faultsOf = (configuration: Configuration) => [...faultsOfConfiguration(configuration), ...faultsOfWebhooks(configuration)]

type OpenStoreOptions = Pick<StartApiOptions, "environment" | "logger" | "onFatal"> & { readonly encryptionKeys: readonly EncryptionKey[] }

function openStore({ environment, logger, onFatal, encryptionKeys }: OpenStoreOptions, metrics: ApiMetrics): DeferredStore {
  const { mongodbUrl, mongodbMaxPoolSize, mongodbMinPoolSize } = environment
  const store = openDeferredStore({
    connect: () =>
      connectStore({
        url: mongodbUrl,
        encryptionKeys,
        report: metrics.store.flushed,
        ...(mongodbMaxPoolSize !== null && { maxPoolSize: mongodbMaxPoolSize }),
        ...(mongodbMinPoolSize !== null && { minPoolSize: mongodbMinPoolSize }),
      }),
    onUnavailable: (error) => logger.warn({ err: error }, "MongoDB does not answer; jobs are refused until it does"),
    onFatal,
  })
  metrics.store.followPool(store.poolUse)
  return store
}
