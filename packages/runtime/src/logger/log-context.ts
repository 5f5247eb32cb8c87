import { AsyncLocalStorage } from "node:async_hooks"

/** What tells whose line it is: of which request, of which job, in which trace. */
export interface LogFields {
  readonly requestId?: string
  readonly jobId?: string
  readonly run?: number
  readonly tenantId?: string
  readonly route?: string
  readonly traceId?: string | null
}

const storage = new AsyncLocalStorage<LogFields>()

/** Has every line that is logged in the course of `run`, by whatever code, carry the fields. */
export function withLogFields<T>(fields: LogFields, run: () => T): T {
  return storage.run({ ...fields }, run)
}

/** Adds to the fields of the request or job under way what has become known of it. */
export function addLogFields(fields: LogFields): void {
  const current = storage.getStore()
  if (current) Object.assign(current, fields)
}

/**
 * What a line is to carry beside its own. Work that jobs share runs in the context of whoever came first, so a line that names
 * another job gets nothing of this one.
 */
export function fieldsForLine(line: object): LogFields {
  const fields = storage.getStore()
  if (!fields) return {}
  const isOfAnother = "jobId" in line && line.jobId !== fields.jobId && fields.jobId !== undefined
  if (isOfAnother) return {}
  // pino adds the line to what it gets here.
  const { traceId, ...others } = fields
  return typeof traceId === "string" ? { ...others, traceId } : others
}
