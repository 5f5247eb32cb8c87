import { type DeadLetterStore, type DeadLetterSummary, deadLetterSummaryQuery } from "@sluice/core"
import type { RequestHandler } from "express"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { splitMetadata } from "../../queries/split-metadata.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { filterOf } from "./list-dead-letters.ts"

/** `GET /v1/dead-letters/summary`: how many there are of each cause. */
export function summariseDeadLettersHandler({ deadLetters }: { readonly deadLetters: DeadLetterStore }): RequestHandler {
  return async function handleSummariseDeadLetters(request, response) {
    const { metadata, others } = splitMetadata(readQuery(request.url))
    const { by, ...causes } = parseQuery(deadLetterSummaryQuery, others)
    const groups = await deadLetters.summarise({ filter: { ...filterOf(causes), metadata, tenantId: response.locals.tenantId }, by })
    const total = groups.reduce((sum, { count }) => sum + count, 0)
    const summary: DeadLetterSummary = { object: "dead_letter_summary", by, total, data: [...groups] }
    sendResource(request, response, summary)
  }
}
