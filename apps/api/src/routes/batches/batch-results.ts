import { type BatchResult, type BatchStore, batchResultsQuery, type FinalJob, presentJob } from "@sluice/core"
import type { BatchResults } from "@sluice/engine"
import type { RequestHandler } from "express"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { sendLines } from "../../responses/send-lines.ts"
import { batchOf } from "./find-batch.ts"
import { decodeResultCursor, encodeResultCursor } from "./result-cursor.ts"

export interface BatchResultsHandlerDependencies {
  readonly batches: Pick<BatchStore, "find">
  readonly batchResults: BatchResults
}

/**
 * `GET /v1/batches/{id}/results`: a line of NDJSON for each job that has ended, read from the database no faster than the
 * caller takes it. What goes wrong in mid-stream cuts the answer off: the caller goes on from the cursor of its last line.
 */
export function batchResultsHandler({ batches, batchResults }: BatchResultsHandlerDependencies): RequestHandler {
  return async function handleBatchResults(request, response) {
    const { order, cursor } = parseQuery(batchResultsQuery, readQuery(request.url))
    const after = cursor === undefined ? null : decodeResultCursor(cursor)
    const batch = await batchOf(request, response, batches.find)
    const lines = linesOf(batchResults({ batch, order, after }))
    const setHead = () => {
      response.setHeader("Content-Type", "application/x-ndjson")
      response.setHeader("Cache-Control", "no-store")
    }
    await sendLines({ request, response }, { lines, setHead })
  }
}

async function* linesOf(jobs: AsyncIterable<FinalJob>): AsyncGenerator<string> {
  for await (const job of jobs) {
    const result: BatchResult = { customId: job.customId ?? job.id, job: presentJob(job), cursor: encodeResultCursor(job) }
    yield `${JSON.stringify(result)}\n`
  }
}
