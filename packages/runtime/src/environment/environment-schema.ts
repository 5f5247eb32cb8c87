import { credentialRef, logLevels } from "@sluice/core"
import { z } from "zod"
import { traceSamplers } from "../tracing/tracing-settings.ts"

const lastPort = 65_535
/** A job with its input has to fit into a document of MongoDB, of at most 16 MiB, with room for its output. */
const maxBodyBytes = 8 * 1_024 * 1_024

/** Whole numbers as a shell writes them. */
function integer(options: { min: number; max: number }): z.ZodType<number, string> {
  const message = `Expected a whole number from ${options.min} to ${options.max}`
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .refine((value) => value >= options.min && value <= options.max, message)
}

const port = integer({ min: 0, max: lastPort })
const flag = z.enum(["0", "1", "false", "true"], "Expected 1 or 0").transform((value) => value === "1" || value === "true")

/** Milliseconds, up to a day. */
const duration = integer({ min: 0, max: 86_400_000 })

const collector = z.string().regex(/^https?:\/\/\S+$/, "Expected http://host:port, or https:// for TLS")
/** gRPC would bring a library of its own; every collector takes HTTP too. */
const otlpProtocol = z.enum(["http/protobuf", "http/json"], "Expected http/protobuf or http/json, which collectors take at port 4318")
const ratioExpected = "Expected a number from 0 to 1"

const keysExpected =
  "Expected NAME=REFERENCE, NAME=REFERENCE, .. with references such as env:NAME, file:/path or aws-sm:name#key; never the key itself"

/** Names of keys with where their secrets are found. */
const encryptionKeys = z
  .string()
  .transform((text) => text.split(",").map((part) => /^\s*([A-Za-z0-9._-]{1,32})=(.+?)\s*$/.exec(part)))
  .transform((parts, context) => {
    const keys = parts.flatMap((part) => {
      const [, id, reference] = part ?? []
      return id !== undefined && reference !== undefined && credentialRef.safeParse(reference).success ? [{ id, reference }] : []
    })
    // What was written may be the secret itself, so it is not repeated.
    if (keys.length < parts.length) context.addIssue({ code: "custom", message: keysExpected })
    if (new Set(keys.map(({ id }) => id)).size < keys.length) context.addIssue({ code: "custom", message: "Two keys have the same name" })
    return keys
  })

const variables = z.object({
  /** The configuration file. */
  SLUICE_CONFIG: z.string().default("sluice.yaml"),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/\S+$/, "Expected redis://host:port, or rediss:// for TLS")
    .default("redis://127.0.0.1:6379"),
  MONGODB_URL: z
    .string()
    .regex(/^mongodb(?:\+srv)?:\/\/\S+$/, "Expected mongodb://host:port/database, or mongodb+srv://")
    .default("mongodb://127.0.0.1:27017/sluice"),
  /** Left to the store when unset. */
  MONGODB_MAX_POOL_SIZE: integer({ min: 1, max: 10_000 }).optional(),
  MONGODB_MIN_POOL_SIZE: integer({ min: 0, max: 10_000 }).optional(),
  /** The address to listen on. Containers set 0.0.0.0. */
  HOST: z.string().regex(/^\S+$/, "Expected a host name or address").default("127.0.0.1"),
  /** 0 takes any free port. */
  PORT: port.default(3000),
  /** Where a worker serves its metrics and health; unset: nowhere, so that any number of workers runs on one machine. */
  METRICS_PORT: port.optional(),
  /** Of a request's body, packed and unpacked. */
  HTTP_MAX_BODY_BYTES: integer({ min: 1_024, max: maxBodyBytes }).default(maxBodyBytes),
  /** For a whole request to arrive. */
  HTTP_REQUEST_TIMEOUT_MS: integer({ min: 1_000, max: 600_000 }).default(60_000),
  /** Connections beyond these are closed as they come. */
  HTTP_MAX_CONNECTIONS: integer({ min: 1, max: 1_000_000 }).default(10_000),
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(logLevels, `Expected ${logLevels.join(", ")}`))
    .default("info"),
  /** An API key that is accepted as it is, with all scopes. */
  SLUICE_ADMIN_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "Expected printable ASCII without spaces, as it has to travel in a header")
    .optional(),
  /** Lets the API start without keys on a loopback address. */
  SLUICE_DEV: flag.default(false),
  /** For tests: webhooks may go to any address, and over http. */
  SLUICE_WEBHOOK_ALLOW_PRIVATE: flag.default(false),
  /** The folder of the built dashboard. One that is not there is no error: the API says so where the dashboard would be. */
  SLUICE_DASHBOARD: z.string().default("apps/dashboard/dist"),
  /** Jobs that one worker process runs at the same time. */
  WORKER_CONCURRENCY: integer({ min: 1, max: 10_000 }).default(100),
  /** The prefix of everything in Redis. */
  SLUICE_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?$/, "Expected 1 to 32 lower case letters, digits, dashes or underscores")
    .default("sluice"),
  /** The first encrypts, all decrypt: `NAME=REFERENCE`, separated by commas. Unset: nothing is encrypted. */
  SLUICE_ENCRYPTION_KEYS: encryptionKeys.default([]),
  /** Where traces go, by the standard of OpenTelemetry; unset: nothing is traced. Read by the exporter too, as are its headers and time-out. */
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: otlpProtocol.optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: otlpProtocol.optional(),
  OTEL_TRACES_EXPORTER: z.enum(["otlp", "none"], "Expected otlp or none").default("otlp"),
  OTEL_SDK_DISABLED: flag.default(false),
  OTEL_TRACES_SAMPLER: z.enum(traceSamplers, `Expected ${traceSamplers.join(", ")}`).default("parentbased_always_on"),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number(ratioExpected).min(0, ratioExpected).max(1, ratioExpected).default(1),
  OTEL_BSP_SCHEDULE_DELAY: integer({ min: 1, max: 600_000 }).default(5_000),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: integer({ min: 1, max: 100_000 }).default(512),
  OTEL_BSP_MAX_QUEUE_SIZE: integer({ min: 1, max: 1_000_000 }).default(8_192),
  /** Where profiles of the process are written; unset: none are made. */
  SLUICE_PROFILE_DIR: z.string().optional(),
  /** Lets the log hold prompts and answers. */
  SLUICE_LOG_CONTENT: flag.default(false),
  /** Lets spans hold prompts, answers and what providers say of them. */
  SLUICE_TRACE_CONTENT: flag.default(false),
  /** How long a shutdown may take. Below the 30 s after which Kubernetes kills. */
  SHUTDOWN_GRACE_MS: duration.default(25_000),
})

/** What the processes take from their environment, by the names it has there, with what holds where nothing is set. */
export const environmentSchema = variables.refine(
  ({ MONGODB_MIN_POOL_SIZE: min, MONGODB_MAX_POOL_SIZE: max }) => min === undefined || max === undefined || min <= max,
  { path: ["MONGODB_MIN_POOL_SIZE"], error: "Expected at most MONGODB_MAX_POOL_SIZE" },
)
export type EnvironmentVariables = z.infer<typeof variables>
