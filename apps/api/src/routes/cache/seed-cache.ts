import { type AuditLog, type SeedReportResource, seedCacheQuery, seedCacheRequest } from "@sluice/core"
import type { SeedReport } from "@sluice/engine"
import type { Request, RequestHandler } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { BodyCutOffError } from "../../middleware/json-body/collect-body.ts"
import { isNdjson, readLines } from "../../middleware/ndjson/read-lines.ts"
import { bodyProblem } from "../../problems/body-problem.ts"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { goneSignal } from "../jobs/gone-signal.ts"
import type { CacheOperations } from "./cache-operations.ts"

export interface SeedCacheHandlerDependencies {
  readonly cache: CacheOperations
  readonly audit: AuditLog
}

/** `POST /v1/cache/seed`: stores answers that were written down; 200 with what is wrong with items that were left out. */
export function seedCacheHandler({ cache, audit }: SeedCacheHandlerDependencies): RequestHandler {
  return async function handleSeedCache(request, response) {
    const { tenantId } = response.locals
    const { lines, keepMs } = isNdjson(request) ? linesOfStream(request) : linesOfJson(request)
    await recordAudit(audit, response, { action: "cache.seed", target: null, details: { keepMs: keepMs ?? null } })
    const signal = goneSignal(response)
    const seeding = cache.seed({ tenantId, lines, signal, ...(keepMs !== undefined && { keepMs }) })
    const report = await seeding.catch((cause: unknown) => {
      throw signal.aborted ? new BodyCutOffError({ cause }) : cause
    })
    sendJson(response, { status: 200, body: present(report) })
  }
}

interface Seed {
  readonly lines: AsyncIterable<string> | Iterable<string>
  readonly keepMs: number | undefined
}

function linesOfStream(request: Request): Seed {
  const { keepMs } = parseQuery(seedCacheQuery, readQuery(request.url))
  return { lines: readLines(request), keepMs }
}

function linesOfJson(request: Request): Seed {
  const { data, error } = seedCacheRequest.safeParse(request.body)
  if (error) throw bodyProblem(error, { body: request.body })
  return { lines: data.items.map((item) => JSON.stringify(item)), keepMs: data.keepMs }
}

function present({ stored, failed, errors }: SeedReport): SeedReportResource {
  return { object: "cache_seed", stored, failed, errors: errors.map(({ line, message }) => ({ line, detail: message })) }
}
