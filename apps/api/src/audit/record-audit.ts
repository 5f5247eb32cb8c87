import { type AuditLog, type JsonObject, newAuditId } from "@sluice/core"
import type { Response } from "express"
import { actorOf } from "./actor-of.ts"

export interface AuditedAction {
  /** The thing and the verb, e.g. `replay.create`. */
  readonly action: string
  readonly target: string | null
  /** What was asked for, without secrets. */
  readonly details?: JsonObject
}

/** Writes down who is about to do what. To be awaited before it is done: what cannot be written down is not done. */
export async function recordAudit(audit: AuditLog, response: Response, { action, target, details = {} }: AuditedAction): Promise<void> {
  const at = new Date()
  const { tenantId, requestId } = response.locals
  await audit.record({ id: newAuditId({ at }), at, actor: actorOf(response), tenantId, action, target, details, requestId })
}
