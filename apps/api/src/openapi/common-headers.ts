import type { Operation } from "@sluice/core/operations"
import { z } from "zod"

const requestId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/)

const named = z.object({
  "x-request-id": requestId.optional().meta({
    description: "Your own name for the request, 1 to 128 letters, digits, `.`, `_`, `:` or `-`. One that is not of this form is not used.",
    examples: ["order-81"],
  }),
})

const ofTenant = z.object({
  "x-sluice-tenant": z
    .string()
    .optional()
    .meta({ description: "For whom a key acts that may act for every tenant. Other keys have a tenant of their own.", examples: ["acme"] }),
})

const conditional = z.object({
  "If-None-Match": z
    .string()
    .optional()
    .meta({
      description: "An `ETag` from before: 304 without a body when nothing has changed.",
      examples: ['W/"2jmj7l5rSw0yVb_vlWAYkK_YBwk"'],
    }),
})

/** What a call's request may carry beside what is its own. */
export function requestHeaders({ scope, headers, isRevalidated }: Operation): z.ZodObject {
  return z.object({
    ...headers?.shape,
    ...(scope !== null && ofTenant.shape),
    ...(isRevalidated && conditional.shape),
    ...named.shape,
  })
}

/** What every answer of every call carries. */
export const answerHeaders = z.object({
  "x-request-id": requestId.meta({ description: "Names the request in the logs: yours if you sent one.", examples: ["order-81"] }),
  traceparent: z
    .string()
    .optional()
    .meta({
      description: "The request in its trace (W3C Trace Context), where the trace is kept: its second part is the trace's id.",
      examples: ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    }),
})
