import { z } from "zod"
import { pageQuery } from "./queries.ts"
import { json, timestamp } from "./scalars.ts"

export const auditEntryResource = z
  .strictObject({
    id: z.string(),
    object: z.literal("audit_entry"),
    at: timestamp,
    actor: z.string().describe("The key that did it."),
    tenantId: z.string().describe("For whom it acted."),
    action: z.string().describe("The thing and the verb, e.g. `replay.create`, `endpoint.force_breaker`."),
    target: z.string().nullable().describe("What it was done to: an id or a name; null where a filter in `details` says it."),
    details: z.record(z.string(), json).describe("The request, without secrets."),
    requestId: z.string(),
  })
  .meta({
    id: "AuditEntry",
    description: "What an operator did, as it was asked for. It is written before the action, so that no action is without its entry.",
  })
export type AuditEntryResource = z.infer<typeof auditEntryResource>

/** The query of `GET /v1/audit`, newest first. */
export const listAuditQuery = z.strictObject({
  actor: z
    .string()
    .max(128)
    .optional()
    .meta({ description: "Done with this key.", examples: ["admin"] }),
  action: z
    .string()
    .max(64)
    .optional()
    .meta({ description: "The thing and the verb.", examples: ["endpoint.force_breaker"] }),
  target: z
    .string()
    .max(256)
    .optional()
    .meta({ description: "Done to this id or name.", examples: ["openai-eu"] }),
  ...pageQuery,
})
export type ListAuditQuery = z.infer<typeof listAuditQuery>
