import { type BatchItemError, type BatchItemErrorCode, batchItem, maxBatchItems } from "@sluice/core"
import type { ItemFault, RefusedItem } from "@sluice/engine"
import { bodyProblem } from "../../problems/body-problem.ts"
import { knownNames } from "../../problems/known-names.ts"

interface Fault {
  readonly code: BatchItemErrorCode
  readonly pointer: string
  readonly detail: string
}

/** An item has at most so many, of which the first are the most telling. */
const maxErrorsOfItem = 10

/** What is wrong with an item, in words. */
export function describeRefusal({ line, customId, value, fault }: RefusedItem): readonly BatchItemError[] {
  return faultsOf(fault, value)
    .slice(0, maxErrorsOfItem)
    .map(({ code, pointer, detail }) => ({ line, customId, pointer, code, detail, retryable: code === "tenant_queue_full" }))
}

function faultsOf(fault: ItemFault, value: unknown): readonly Fault[] {
  switch (fault.kind) {
    case "unreadable":
      return fault.errors.map(({ pointer, detail }) => ({ code: fault.code, pointer, detail }))
    case "invalid":
      return bodyProblem(fault.error, { body: value }).errors.map(invalid)
    case "invalid_input":
      return bodyProblem(fault.error, { body: value, at: ["job", "input"] }).errors.map(invalid)
    case "invalid_options":
      return [invalid({ pointer: `#/job/options/${fault.field}`, detail: fault.message })]
    case "invalid_webhook":
      return [invalid({ pointer: "#/job/webhook/url", detail: fault.message })]
    case "route_missing":
      return [invalid({ pointer: "#/job/route", detail: "There is no route. Name one here, or in the batch's defaults." })]
    case "route_unknown":
      return [
        { code: "route_unknown", pointer: "#/job/route", detail: knownNames({ what: "route", name: routeIn(value), known: fault.known }) },
      ]
    case "custom_id_reused":
    case "batch_full":
    case "batch_ended":
    case "tenant_queue_full":
      return [{ code: fault.kind, ...words[fault.kind] }]
  }
}

const words = {
  custom_id_reused: {
    pointer: "#/customId",
    detail: "The batch has this customId already, with another job. Give each item of a batch its own.",
  },
  batch_full: {
    pointer: "#",
    detail: `A batch has at most ${maxBatchItems} items. This one and those after it were not taken: send them in another batch.`,
  },
  batch_ended: { pointer: "#", detail: "The batch is complete or cancelled, and takes no more items. Send it in another batch." },
  tenant_queue_full: {
    pointer: "#",
    detail: "The tenant has as many unfinished jobs as it may. Send the item again later; the batch stays open for it.",
  },
} as const

function invalid({ pointer, detail }: Omit<Fault, "code">): Fault {
  return { code: "validation_failed", pointer, detail }
}

/** Empty where the route is the batch's own. */
function routeIn(value: unknown): string {
  const item = batchItem.safeParse(value)
  return item.data?.job.route ?? ""
}
