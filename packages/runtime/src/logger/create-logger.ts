import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from "pino"
import type { LogLevel } from "../environment/environment-schema.ts"
import { redactLine } from "./redact-line.ts"
import { serializeError } from "./serialize-error.ts"

export type Logger = PinoLogger

export interface CreateLoggerOptions {
  readonly level: LogLevel
  /** The process: `api`, `worker`. */
  readonly name: string
  /** Default: standard output, written before the call returns, so that nothing is lost when the process exits. */
  readonly destination?: DestinationStream
}

/**
 * Lines of JSON, in which secrets, authorization headers, prompts and answers are hidden wherever they stand, and errors under
 * `err` or `error` have their causes. Setting `level` takes effect at once, in children too unless they were given their own.
 */
export function createLogger(options: CreateLoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      name: options.name,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError, error: serializeError },
      hooks: { streamWrite: redactLine },
    },
    options.destination,
  )
}
