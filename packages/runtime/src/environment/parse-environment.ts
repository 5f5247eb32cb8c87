import type { LogLevel } from "@sluice/core"
import type { TracingSettings } from "../tracing/tracing-settings.ts"
import { EnvironmentError } from "./environment-error.ts"
import { type EnvironmentVariables, environmentSchema } from "./environment-schema.ts"

/** Settings of the infrastructure. What the product does stands in the configuration file instead. */
export interface Environment {
  readonly configPath: string
  readonly redisUrl: string
  readonly mongodbUrl: string
  readonly mongodbMaxPoolSize: number | null
  readonly mongodbMinPoolSize: number | null
  readonly host: string
  readonly port: number
  readonly metricsPort: number | null
  readonly maxBodyBytes: number
  readonly requestTimeoutMs: number
  readonly maxConnections: number
  readonly logLevel: LogLevel
  /** Where profiles of the process are written; null: none are made. */
  readonly profileFolder: string | null
  /** Whether the log may hold prompts and answers. */
  readonly logsContent: boolean
  readonly adminKey: string | null
  readonly isDevelopment: boolean
  readonly allowPrivateWebhooks: boolean
  readonly dashboardFolder: string
  readonly workerConcurrency: number
  readonly namespace: string
  readonly shutdownGraceMs: number
  /** Of what is stored; the first encrypts, all decrypt. */
  readonly encryptionKeys: readonly EncryptionKeyRef[]
  /** Null: nothing is traced. */
  readonly tracing: TracingSettings | null
}

/** An encryption key, and where its secret is found. */
export interface EncryptionKeyRef {
  readonly id: string
  readonly reference: string
}

/**
 * Reads `process.env`, which `main.ts` passes. An empty variable counts as unset, as compose files and shells write it. Throws
 * `EnvironmentError` with every variable that is wrong and what was expected.
 */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const set = Object.entries(variables).filter(([, value]) => value !== undefined && value !== "")
  const result = environmentSchema.safeParse(Object.fromEntries(set))
  if (!result.success) {
    throw new EnvironmentError(result.error.issues.map(({ path, message }) => ({ variable: path.join("."), message })))
  }
  const { data } = result
  return {
    configPath: data.SLUICE_CONFIG,
    redisUrl: data.REDIS_URL,
    mongodbUrl: data.MONGODB_URL,
    mongodbMaxPoolSize: data.MONGODB_MAX_POOL_SIZE ?? null,
    mongodbMinPoolSize: data.MONGODB_MIN_POOL_SIZE ?? null,
    host: data.HOST,
    port: data.PORT,
    metricsPort: data.METRICS_PORT ?? null,
    maxBodyBytes: data.HTTP_MAX_BODY_BYTES,
    requestTimeoutMs: data.HTTP_REQUEST_TIMEOUT_MS,
    maxConnections: data.HTTP_MAX_CONNECTIONS,
    logLevel: data.LOG_LEVEL,
    profileFolder: data.SLUICE_PROFILE_DIR ?? null,
    logsContent: data.SLUICE_LOG_CONTENT,
    adminKey: data.SLUICE_ADMIN_KEY ?? null,
    isDevelopment: data.SLUICE_DEV,
    allowPrivateWebhooks: data.SLUICE_WEBHOOK_ALLOW_PRIVATE,
    dashboardFolder: data.SLUICE_DASHBOARD,
    workerConcurrency: data.WORKER_CONCURRENCY,
    namespace: data.SLUICE_NAMESPACE,
    shutdownGraceMs: data.SHUTDOWN_GRACE_MS,
    encryptionKeys: data.SLUICE_ENCRYPTION_KEYS,
    tracing: tracingOf(data),
  }
}

function tracingOf(data: EnvironmentVariables): TracingSettings | null {
  const isAddressed = data.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined || data.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined
  if (!isAddressed || data.OTEL_SDK_DISABLED || data.OTEL_TRACES_EXPORTER === "none") return null
  return {
    protocol: data.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? data.OTEL_EXPORTER_OTLP_PROTOCOL ?? "http/protobuf",
    sampler: data.OTEL_TRACES_SAMPLER,
    ratio: data.OTEL_TRACES_SAMPLER_ARG,
    keepsContent: data.SLUICE_TRACE_CONTENT,
    everyMs: data.OTEL_BSP_SCHEDULE_DELAY,
    maxBatch: Math.min(data.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, data.OTEL_BSP_MAX_QUEUE_SIZE),
    maxWaiting: data.OTEL_BSP_MAX_QUEUE_SIZE,
  }
}
