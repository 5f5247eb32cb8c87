import { type WebhookEndpoint, type WebhookEndpointRef, type WebhookEndpointStore, webhookEndpointId } from "@sluice/core"
import type { Request, Response } from "express"
import { Problem } from "../../problems/problem.ts"

/** The tenant's endpoint that the path names. One that cannot be an id is not found, like one that names nothing. */
export function endpointRefOf(request: Request, response: Response): WebhookEndpointRef {
  const id = webhookEndpointId.safeParse(request.params.id)
  if (!id.success) throw endpointNotFound()
  return { tenantId: response.locals.tenantId, id: id.data }
}

export async function findEndpoint(endpoints: WebhookEndpointStore, ref: WebhookEndpointRef): Promise<WebhookEndpoint> {
  const endpoint = await endpoints.find(ref)
  if (endpoint === null) throw endpointNotFound()
  return endpoint
}

export function endpointNotFound(): Problem {
  return new Problem({ code: "not_found", detail: "There is no such webhook endpoint, or the key may not see it." })
}
