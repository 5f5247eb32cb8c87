import { type FieldError, type JobFilter, type JobStore, type ListJobsQuery, listJobsQuery, presentJob } from "@sluice/core"
import type { RequestHandler } from "express"
import { validationProblem } from "../../problems/validation-problem.ts"
import { decodeCursor, encodeCursor } from "../../queries/cursor.ts"
import { parseQuery, type QueryParameters, queryPointer, readQuery } from "../../queries/read-query.ts"
import { sendResource } from "../../responses/send-resource.ts"

export interface ListJobsHandlerDependencies {
  readonly jobs: JobStore
}

/** `GET /v1/jobs`: the tenant's jobs, newest first, by page. */
export function listJobsHandler({ jobs }: ListJobsHandlerDependencies): RequestHandler {
  return async function handleListJobs(request, response) {
    const { metadata, others } = splitMetadata(readQuery(request.url))
    const query = parseQuery(listJobsQuery, others)
    const filter = { ...filterOf(query), metadata, tenantId: response.locals.tenantId }
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor)
    // One more than the page tells whether another follows.
    const found = await jobs.list({ filter, before, limit: query.limit + 1 })
    const page = found.slice(0, query.limit)
    const last = found.length > query.limit ? page.at(-1) : undefined
    sendResource(request, response, {
      data: page.map((job) => presentJob(job)),
      nextCursor: last === undefined ? null : encodeCursor(last.id),
    })
  }
}

function filterOf({
  status,
  createdAfter,
  createdBefore,
  cursor: _cursor,
  limit: _limit,
  ...same
}: ListJobsQuery): Omit<JobFilter, "tenantId"> {
  return { ...same, statuses: status, createdAfter: dateOf(createdAfter), createdBefore: dateOf(createdBefore) }
}

function dateOf(timestamp: string | undefined): Date | undefined {
  return timestamp === undefined ? undefined : new Date(timestamp)
}

const prefix = "metadata."
const maxKeyChars = 64
const maxValueChars = 512

/** `metadata.KEY=value` parameters are filters of their own; the others go through the schema. */
function splitMetadata(parameters: QueryParameters): { metadata: Record<string, string> | undefined; others: QueryParameters } {
  const entries = Object.entries(parameters)
  const filters = entries.filter(([name]) => name.startsWith(prefix))
  const errors = filters.filter(([name, value]) => !isMetadata(name.slice(prefix.length), value)).map(([name]) => wrongMetadata(name))
  if (errors.length > 0) throw validationProblem(errors)
  const metadata = Object.fromEntries(filters.map(([name, value]) => [name.slice(prefix.length), value]))
  return {
    metadata: filters.length > 0 ? metadata : undefined,
    others: Object.fromEntries(entries.filter(([name]) => !name.startsWith(prefix))),
  }
}

function isMetadata(key: string, value: string): boolean {
  return key.length > 0 && key.length <= maxKeyChars && value.length <= maxValueChars
}

function wrongMetadata(name: string): FieldError {
  const detail = `Expected metadata.KEY=VALUE with a key of 1 to ${maxKeyChars} and a value of at most ${maxValueChars} characters.`
  return { pointer: queryPointer(name), code: "invalid_value", detail }
}
