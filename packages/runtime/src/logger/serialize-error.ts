/** An error as it stands in the log. */
export interface SerializedError {
  readonly type: string
  readonly message: string
  readonly stack?: string
  readonly cause?: unknown
  readonly errors?: readonly unknown[]
  readonly [detail: string]: unknown
}

const maxDepth = 8
const maxErrors = 20

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean"
}

function serialize(error: unknown, seen: readonly Error[]): unknown {
  if (!(error instanceof Error)) return isPlain(error) ? error : `(${typeof error})`
  if (seen.includes(error) || seen.length >= maxDepth) return `(${error.name} again, or too deep)`
  const path = [...seen, error]
  const serialized: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(error)) if (isPlain(value)) serialized[name] = value
  serialized.type = error.constructor.name || error.name
  serialized.message = error.message
  if (error.stack !== undefined) serialized.stack = error.stack
  if (error.cause !== undefined) serialized.cause = serialize(error.cause, path)
  if (error instanceof AggregateError) serialized.errors = error.errors.slice(0, maxErrors).map((item) => serialize(item, path))
  return serialized
}

/**
 * An error with its chain of causes. Of its other properties only plain values are kept: drivers hang whole commands and
 * documents on their errors (ioredis the arguments of AUTH, mongodb the documents of a bulk), which do not belong in a log.
 * What is not an error is returned as it is.
 */
export function serializeError(error: unknown): unknown {
  return error instanceof Error ? serialize(error, []) : error
}
