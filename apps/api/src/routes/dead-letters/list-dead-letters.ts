import { type DeadLetterFilter, type DeadLetterStore, listDeadLettersQuery, noEndpoint, presentDeadLetter } from "@sluice/core"
import type { RequestHandler } from "express"
import { decodePosition, encodePosition } from "../../queries/position-cursor.ts"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { splitMetadata } from "../../queries/split-metadata.ts"
import { pageOf } from "../../responses/page-of.ts"
import { sendResource } from "../../responses/send-resource.ts"

export interface DeadLetterHandlerDependencies {
  readonly deadLetters: DeadLetterStore
  /** How long an open dead letter is kept. */
  readonly deadLetterRetentionMs: () => number
}

/** `GET /v1/dead-letters`: the tenant's, newest first, by page. */
export function listDeadLettersHandler({ deadLetters, deadLetterRetentionMs }: DeadLetterHandlerDependencies): RequestHandler {
  return async function handleListDeadLetters(request, response) {
    const { metadata, others } = splitMetadata(readQuery(request.url))
    const { cursor, limit, ...causes } = parseQuery(listDeadLettersQuery, others)
    const filter = { ...filterOf(causes), metadata, tenantId: response.locals.tenantId }
    const after = cursor === undefined ? null : decodePosition(cursor)
    const found = await deadLetters.list({ filter, order: "newest_first", after, limit: limit + 1 })
    const { items, last } = pageOf(found, limit)
    const retentionMs = deadLetterRetentionMs()
    sendResource(request, response, {
      data: items.map((letter) => presentDeadLetter(letter, { retentionMs })),
      nextCursor: last && encodePosition(last),
    })
  }
}

interface Causes extends Omit<DeadLetterFilter, "tenantId" | "createdAfter" | "createdBefore"> {
  readonly createdAfter?: string | undefined
  readonly createdBefore?: string | undefined
}

export function filterOf({ createdAfter, createdBefore, endpoint, ...same }: Causes): Omit<DeadLetterFilter, "tenantId"> {
  return {
    ...same,
    endpoint: endpoint === noEndpoint ? null : endpoint,
    createdAfter: dateOf(createdAfter),
    createdBefore: dateOf(createdBefore),
  }
}

function dateOf(timestamp: string | undefined): Date | undefined {
  return timestamp === undefined ? undefined : new Date(timestamp)
}
