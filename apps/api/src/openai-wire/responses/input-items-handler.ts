import type { JobStore } from "@sluice/core"
import type { RequestHandler } from "express"
import { z } from "zod"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { invalidParameter } from "../errors/openai-error.ts"
import { inputItemsOf } from "./input-items.ts"
import { findResponse } from "./response-handlers.ts"

const listQuery = z.strictObject({
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(["asc", "desc"]).default("desc"),
})

/** `GET /openai/v1/responses/{id}/input_items`: what it was made from, the newest first unless `order=asc`. */
export function listInputItemsHandler({ jobs }: { readonly jobs: Pick<JobStore, "find"> }): RequestHandler {
  return async function handleListInputItems(request, response) {
    const { after, limit, order } = parseQuery(listQuery, readQuery(request.url))
    const items = inputItemsOf(await findResponse(jobs, { request, response }))
    const ordered = order === "asc" ? items : items.toReversed()
    const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1
    if (after !== undefined && start === 0) throw invalidParameter("after", `There is no item ${after} in this response's input.`)
    const data = ordered.slice(start, start + limit)
    const ids = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 200, body: { object: "list", data, ...ids, has_more: start + limit < ordered.length } })
  }
}
