import { type Batch, type BatchItemError, type BatchJobs, type BatchStore, type BatchSubmission, presentBatch } from "@sluice/core"
import { type AddItems, freshCounts, type IncomingItem } from "@sluice/engine"
import type { Response } from "express"
import { BodyCutOffError } from "../../middleware/json-body/collect-body.ts"
import { originOf } from "../../middleware/origin-of.ts"
import { sendJson } from "../../responses/send-json.ts"
import { goneSignal } from "../jobs/gone-signal.ts"
import { describeRefusal } from "./describe-refusal.ts"

export interface SubmitItemsDependencies {
  readonly addItems: AddItems
  readonly batches: Pick<BatchStore, "find">
  readonly batchJobs: Pick<BatchJobs, "count">
}

export interface SubmittedItems {
  readonly batch: Batch
  readonly items: AsyncIterable<IncomingItem> | Iterable<IncomingItem>
  readonly close: boolean
}

const maxErrors = 1_000

/** Adds the items of a request to its batch, and answers with what became of them. */
export async function submitItems(
  { addItems, batches, batchJobs }: SubmitItemsDependencies,
  response: Response,
  { batch, items, close }: SubmittedItems,
): Promise<void> {
  const errors: BatchItemError[] = []
  const signal = goneSignal(response)
  response.setHeader("Location", `/v1/batches/${batch.id}`)
  const adding = addItems({
    batch,
    items,
    close,
    ...originOf(response),
    onRefused: (item) => void errors.push(...describeRefusal(item).slice(0, maxErrors - errors.length)),
  })
  const added = await adding.catch((cause: unknown) => {
    throw signal.aborted ? new BodyCutOffError({ cause }) : cause
  })
  const current = (await batches.find(batch)) ?? batch
  const shown = presentBatch(current, { counts: await freshCounts(batchJobs, current) })
  sendJson(response, { status: 200, body: { object: "batch_submission", batch: shown, ...added, errors } satisfies BatchSubmission })
}
