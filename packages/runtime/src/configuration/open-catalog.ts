import { statSync } from "node:fs"
import type {
  AlertsConfig,
  Configuration,
  DeadLettersConfig,
  Endpoint,
  ObjectivesConfig,
  Retention,
  RouteConfig,
  TenantConfig,
} from "@sluice/core"
import type { Logger } from "../logger/create-logger.ts"
import { createConfigurationHolder } from "./configuration-holder.ts"
import { loadConfiguration } from "./load-configuration.ts"
import type { CheckConfiguration } from "./parse-configuration.ts"
import type { PriceEndpoints } from "./price-endpoints.ts"
import { resolveEndpoints } from "./resolve-endpoints.ts"
import { resolveRoutes } from "./resolve-routes.ts"
import { watchConfiguration } from "./watch-configuration.ts"

/** The configuration as jobs meet it: complete, by name. */
export interface Catalog {
  /** When the file was last changed, in milliseconds since the epoch: higher for a newer configuration, the same in all processes. */
  readonly version: number
  readonly routes: Readonly<Record<string, RouteConfig>>
  readonly endpoints: ReadonlyMap<string, Endpoint>
  readonly tenants: Readonly<Record<string, TenantConfig>>
  readonly retention: Retention
  readonly deadLetters: DeadLettersConfig
  readonly webhooks: Configuration["webhooks"]
  readonly objectives: ObjectivesConfig
  /** Null: nothing is watched. */
  readonly alerts: AlertsConfig | null
  readonly publicUrl: string | null
}

export interface LiveCatalog {
  /** What is in use now. It is swapped whole, so read it once per task. */
  current(): Catalog
  /** Called after each swap. */
  onChange(listener: (next: Catalog) => void): void
}

export interface OpenCatalogOptions {
  readonly path: string
  /** What the configuration must pass beside the schema. */
  readonly check?: CheckConfiguration | undefined
  /** Adds prices to endpoints that have none. */
  readonly priceEndpoints?: PriceEndpoints
  readonly logger: Pick<Logger, "info" | "error">
  /** Ends the watching. */
  readonly signal: AbortSignal
}

export function resolveCatalog(configuration: Configuration, version: number): Catalog {
  const { tenants, retention, deadLetters, webhooks, objectives, alerts = null, publicUrl = null } = configuration
  const [routes, endpoints] = [resolveRoutes(configuration), resolveEndpoints(configuration)]
  return { version, routes, endpoints, tenants, retention, deadLetters, webhooks, objectives, alerts, publicUrl }
}

/** Loads the configuration, and follows its file until the signal. Rejects with `ConfigurationError` when it is wrong at the start. */
export async function openCatalog(options: OpenCatalogOptions): Promise<LiveCatalog> {
  const { path, check, priceEndpoints = (endpoints) => endpoints, logger, signal } = options
  const holder = createConfigurationHolder({
    initial: await loadConfiguration({ path, check }),
    onListenerError: (error) => logger.error({ err: error }, "a change of the configuration could not be followed"),
  })
  const versionNow = () => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
  const resolve = (configuration: Configuration): Catalog => {
    const resolved = resolveCatalog(configuration, versionNow())
    return { ...resolved, endpoints: priceEndpoints(resolved.endpoints) }
  }
  let catalog = resolve(holder.current())
  holder.subscribe((next) => {
    catalog = resolve(next)
  })
  void watchConfiguration({
    path,
    check,
    current: holder.current,
    onReload: (next) => {
      holder.replace(next)
      logger.info({ routes: Object.keys(next.routes) }, "configuration reloaded")
    },
    onError: (error) => logger.error({ err: error }, "the configuration was not reloaded; the one in use stays"),
    signal,
  })
  return { current: () => catalog, onChange: (listener) => holder.subscribe(() => listener(catalog)) }
}
