import { type JobFilter, type JobStore, type ListJobsQuery, listJobsQuery, presentJob } from "@sluice/core"
import type { RequestHandler } from "express"
import { decodeCursor, encodeCursor } from "../../queries/cursor.ts"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { splitMetadata } from "../../queries/split-metadata.ts"
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
