export { ConfigurationError, type ConfigurationIssue } from "./configuration/configuration-error.ts"
export { type ConfigurationHolder, createConfigurationHolder } from "./configuration/configuration-holder.ts"
export { loadConfiguration } from "./configuration/load-configuration.ts"
export { type Catalog, type LiveCatalog, openCatalog, resolveCatalog } from "./configuration/open-catalog.ts"
export { type CheckConfiguration, parseConfiguration } from "./configuration/parse-configuration.ts"
export { createEndpointPricing, type PriceEndpoints, type PricingOptions } from "./configuration/price-endpoints.ts"
export { resolveEndpoints } from "./configuration/resolve-endpoints.ts"
export { resolveRoutes } from "./configuration/resolve-routes.ts"
export { type WatchConfigurationOptions, watchConfiguration } from "./configuration/watch-configuration.ts"
export { createProfiler, type Profiler, type ProfilerOptions } from "./diagnostics/create-profiler.ts"
export { type EncryptionKeyBytes, readEncryptionKeys } from "./encryption/read-encryption-keys.ts"
export { EnvironmentError, type EnvironmentIssue } from "./environment/environment-error.ts"
export { type EncryptionKeyRef, type Environment, parseEnvironment } from "./environment/parse-environment.ts"
export {
  type CheckResult,
  type CreateReadinessOptions,
  createReadiness,
  type Readiness,
  type ReadinessCheck,
  type ReadinessResult,
} from "./health/create-readiness.ts"
export { createWorkerId } from "./identity/create-worker-id.ts"
export { type CreateLoggerOptions, createLogger, type Logger } from "./logger/create-logger.ts"
export { createLevelSwitch, type LevelSwitch } from "./logger/level-switch.ts"
export { addLogFields, type LogFields, withLogFields } from "./logger/log-context.ts"
export {
  type AnsweredRequest,
  createHttpMetrics,
  createJobMetrics,
  createMetricsRegistry,
  createProviderMetrics,
  createSharedGauges,
  createStoreMetrics,
  createUpkeepMetrics,
  createWebhookMetrics,
  type HttpMetrics,
  type JobMetrics,
  type MetricsRegistry,
  type ProviderMetrics,
  type ServedReadiness,
  type StoreMetrics,
  startMetricsServer,
  type UpkeepMetrics,
  type WebhookMetrics,
} from "./metrics/index.ts"
export { type CreateCredentialsOptions, type Credentials, createCredentials } from "./secrets/create-credentials.ts"
export { CredentialError } from "./secrets/credential-error.ts"
export { maskSecrets } from "./secrets/mask-secrets.ts"
export { type OnShutdownSignalOptions, onShutdownSignal, type Shutdown } from "./shutdown/on-shutdown-signal.ts"
export {
  type CreateReleasersOptions,
  createReleasers,
  type ReleaseFailure,
  type Releaser,
  type Releasers,
  withReleasers,
} from "./shutdown/releasers.ts"
export { runWithin, TimedOutError } from "./time/run-within.ts"
export { type StartTracingOptions, startTracing } from "./tracing/start-tracing.ts"
export type { TracingSettings } from "./tracing/tracing-settings.ts"
