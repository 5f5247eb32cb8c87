import { describe, expect, test } from "vitest"
import { EnvironmentError } from "./environment-error.ts"
import { parseEnvironment } from "./parse-environment.ts"

const standard = {
  configPath: "sluice.yaml",
  redisUrl: "redis://127.0.0.1:6379",
  mongodbUrl: "mongodb://127.0.0.1:27017/sluice",
  mongodbMaxPoolSize: null,
  mongodbMinPoolSize: null,
  host: "127.0.0.1",
  port: 3000,
  metricsPort: null,
  maxBodyBytes: 8_388_608,
  requestTimeoutMs: 60_000,
  maxConnections: 10_000,
  logLevel: "info",
  logsContent: false,
  profileFolder: null,
  adminKey: null,
  isDevelopment: false,
  allowPrivateWebhooks: false,
  dashboardFolder: "apps/dashboard/dist",
  workerConcurrency: 100,
  namespace: "sluice",
  shutdownGraceMs: 25_000,
  encryptionKeys: [],
  tracing: null,
}

function issuesOf(variables: Record<string, string>): Record<string, string> {
  try {
    parseEnvironment(variables)
  } catch (error) {
    if (error instanceof EnvironmentError) return Object.fromEntries(error.issues.map(({ variable, message }) => [variable, message]))
    throw error
  }
  return {}
}

describe("parseEnvironment", () => {
  test("has a value for everything, and ignores what is none of its own", () => {
    expect(parseEnvironment({ HOME: "/root", SLUICE_URL: "x" })).toEqual(standard)
  })

  test("counts an empty variable as unset", () => {
    const names = ["SLUICE_CONFIG", "REDIS_URL", "PORT", "METRICS_PORT", "LOG_LEVEL", "SLUICE_ADMIN_KEY", "SLUICE_DEV"]
    expect(parseEnvironment(Object.fromEntries(names.map((name) => [name, ""])))).toEqual(standard)
  })

  test("takes what is set", () => {
    const variables = {
      SLUICE_CONFIG: "/etc/sluice.yaml",
      REDIS_URL: "rediss://user:pw@redis:6380/2",
      MONGODB_URL: "mongodb://u:p@a:27017,b:27017/jobs?replicaSet=rs0",
      MONGODB_MAX_POOL_SIZE: "50",
      MONGODB_MIN_POOL_SIZE: "5",
      HOST: "::1",
      PORT: "0",
      METRICS_PORT: "9464",
      HTTP_MAX_BODY_BYTES: "65536",
      HTTP_REQUEST_TIMEOUT_MS: "5000",
      HTTP_MAX_CONNECTIONS: "64",
      LOG_LEVEL: "DEBUG",
      SLUICE_LOG_CONTENT: "1",
      SLUICE_PROFILE_DIR: "/var/profiles",
      SLUICE_ADMIN_KEY: "sk_admin",
      SLUICE_DEV: "1",
      SLUICE_WEBHOOK_ALLOW_PRIVATE: "true",
      SLUICE_DASHBOARD: "/srv/dashboard",
      WORKER_CONCURRENCY: "7",
      SLUICE_NAMESPACE: "blue-2",
      SHUTDOWN_GRACE_MS: "100",
      SLUICE_ENCRYPTION_KEYS: "b=env:B,a=file:/run/a",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0.25",
      OTEL_BSP_SCHEDULE_DELAY: "100",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "900",
      OTEL_BSP_MAX_QUEUE_SIZE: "800",
      SLUICE_TRACE_CONTENT: "1",
    }
    expect(parseEnvironment(variables)).toEqual({
      configPath: "/etc/sluice.yaml",
      redisUrl: variables.REDIS_URL,
      mongodbUrl: variables.MONGODB_URL,
      mongodbMaxPoolSize: 50,
      mongodbMinPoolSize: 5,
      host: "::1",
      port: 0,
      metricsPort: 9464,
      maxBodyBytes: 65_536,
      requestTimeoutMs: 5_000,
      maxConnections: 64,
      logLevel: "debug",
      logsContent: true,
      profileFolder: "/var/profiles",
      adminKey: "sk_admin",
      isDevelopment: true,
      allowPrivateWebhooks: true,
      dashboardFolder: "/srv/dashboard",
      workerConcurrency: 7,
      namespace: "blue-2",
      shutdownGraceMs: 100,
      encryptionKeys: [
        { id: "b", reference: "env:B" },
        { id: "a", reference: "file:/run/a" },
      ],
      tracing: {
        protocol: "http/json",
        sampler: "parentbased_traceidratio",
        ratio: 0.25,
        keepsContent: true,
        everyMs: 100,
        maxBatch: 800,
        maxWaiting: 800,
      },
    })
  })

  test.each([
    ["REDIS_URL", "127.0.0.1:6379"],
    ["MONGODB_URL", "postgres://x"],
    ["MONGODB_MAX_POOL_SIZE", "0"],
    ["HOST", "a b"],
    ["PORT", "65536"],
    ["PORT", "80 "],
    ["PORT", "1e3"],
    ["METRICS_PORT", "-1"],
    ["LOG_LEVEL", "loud"],
    ["SLUICE_ADMIN_KEY", "two words"],
    ["SLUICE_DEV", "yes"],
    ["WORKER_CONCURRENCY", "1.5"],
    ["SLUICE_NAMESPACE", "{x}"],
    ["SLUICE_NAMESPACE", "a:b"],
    ["SHUTDOWN_GRACE_MS", "99999999999"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"],
    ["OTEL_TRACES_SAMPLER", "jaeger_remote"],
    ["OTEL_TRACES_SAMPLER_ARG", "25%"],
    ["OTEL_TRACES_SAMPLER_ARG", "2"],
  ])("refuses %s=%s, and says what was expected", (variable, value) => {
    expect(issuesOf({ [variable]: value })).toEqual({ [variable]: expect.stringMatching(/^Expected /) })
  })

  test.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://collector:4318/v1/traces" }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", OTEL_SDK_DISABLED: "true" }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", OTEL_TRACES_EXPORTER: "none" }, false],
  ])("traces only where a collector is named and nothing forbids it: %j", (variables, traces) => {
    expect(parseEnvironment(variables).tracing !== null).toBe(traces)
  })

  test("refuses a pool whose least is above its most", () => {
    expect(Object.keys(issuesOf({ MONGODB_MIN_POOL_SIZE: "9", MONGODB_MAX_POOL_SIZE: "5" }))).toEqual(["MONGODB_MIN_POOL_SIZE"])
  })

  test("lists every wrong variable, a line each, without its value", () => {
    const variables = { REDIS_URL: "http://user:hunter2@x", PORT: "hunter2", SLUICE_ADMIN_KEY: "hunter2 " }
    expect(() => parseEnvironment(variables)).toThrow(
      [
        "Environment variable REDIS_URL: Expected redis://host:port, or rediss:// for TLS.",
        "Environment variable PORT: Expected a whole number from 0 to 65535.",
        "Environment variable SLUICE_ADMIN_KEY: Expected printable ASCII without spaces, as it has to travel in a header.",
      ].join("\n"),
    )
  })
})
