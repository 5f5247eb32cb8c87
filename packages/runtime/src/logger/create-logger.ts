import type { LogLevel } from "@sluice/core"
import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from "pino"
import { fieldsForLine } from "./log-context.ts"
import { redactLine } from "./redact-line.ts"
import { serializeError } from "./serialize-error.ts"

export type Logger = PinoLogger

export interface CreateLoggerOptions {
  readonly level: LogLevel
  /** The process: `api`, `worker`. */
  readonly name: string
  /** Prompts and answers are not hidden; secrets are, all the same. */
  readonly keepsContent?: boolean
  /** Default: standard output, written before the call returns, so that nothing is lost when the process exits. */
  readonly destination?: DestinationStream
}

/**
 * Lines of JSON, in which secrets, authorization headers, prompts and answers are hidden wherever they stand, and errors under
 * `err` or `error` have their causes. Lines of a request or a job carry its `LogFields`. Setting `level` takes effect at once, in children too unless they were given their own.
 */
export function createLogger(options: CreateLoggerOptions): Logger {
  const { keepsContent = false } = options
  return pino(
    {
      level: options.level,
      name: options.name,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError, error: serializeError },
      mixin: fieldsForLine,
      hooks: { streamWrite: (line) => redactLine(line, { keepsContent }) },
    },
    // By itself pino hands lines to a thread, and at the exit writes those that wait before the one under way.
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  )
}
