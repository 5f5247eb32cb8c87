import { type Batch, type BatchRef, batchId } from "@sluice/core"
import type { Request, Response } from "express"
import { Problem } from "../../problems/problem.ts"

/** The tenant's batch that the path names. Throws `not_found` when there is none. */
export async function batchOf(request: Request, response: Response, load: (ref: BatchRef) => Promise<Batch | null>): Promise<Batch> {
  const id = batchId.safeParse(request.params.id)
  const batch = id.success ? await load({ tenantId: response.locals.tenantId, id: id.data }) : null
  if (!batch) throw new Problem({ code: "not_found", detail: "There is no such batch, or the key may not see it." })
  return batch
}
