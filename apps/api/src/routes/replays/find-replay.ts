import type { Replay, ReplayStore } from "@sluice/core"
import type { Request, Response } from "express"
import { Problem } from "../../problems/problem.ts"

const replayId = /^rpl_[0-9a-f]{32}$/

/** The tenant's replay that the path names. Throws `not_found` when there is none. */
export async function replayOf(
  request: Request,
  response: Response,
  load: (ref: { readonly tenantId: string; readonly id: string }) => ReturnType<ReplayStore["find"]>,
): Promise<Replay> {
  const id = String(request.params.id)
  const replay = replayId.test(id) ? await load({ tenantId: response.locals.tenantId, id }) : null
  if (!replay) throw new Problem({ code: "not_found", detail: "There is no such replay, or the key may not see it." })
  return replay
}
