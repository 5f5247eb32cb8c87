import type { WebhookEndpointChanges, WebhookEndpointStore } from "@sluice/core"
import type { UpdateFilter } from "mongodb"
import { DuplicateKeyError, itemErrors } from "../errors/item-errors.ts"
import { present } from "../present.ts"
import type { WebhookEndpointContext } from "./webhook-endpoint-context.ts"
import { fromEndpointDocument, toEndpointDocument, toHeaderEntries, type WebhookEndpointDocument } from "./webhook-endpoint-document.ts"

/** Stores an endpoint; again is harmless. */
export function insertEndpoint({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["insert"] {
  return (endpoint) =>
    operations.run(`insert of ${endpoint.id}`, async () => {
      try {
        await toEndpoints((endpoints) => endpoints.insertMany([toEndpointDocument(endpoint)], { ordered: false }))
      } catch (error) {
        for (const refused of itemErrors(error).values()) if (!(refused instanceof DuplicateKeyError)) throw refused
      }
    })
}

export function updateEndpoint({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["update"] {
  return ({ tenantId, id, at, changes }) =>
    operations.run(`change of ${id}`, async () => {
      const update = updateOf(changes, at)
      const changed = await toEndpoints((endpoints) =>
        endpoints.findOneAndUpdate({ _id: id, tenantId }, update, { returnDocument: "after" }),
      )
      return changed && fromEndpointDocument(changed)
    })
}

/** What becomes null is removed. */
function updateOf({ headers, ...changes }: WebhookEndpointChanges, at: Date): UpdateFilter<WebhookEndpointDocument> {
  const removed = Object.entries(changes).flatMap(([key, value]) => (value === null ? [[key, ""]] : []))
  const set = { ...present(changes), ...(headers && { headers: toHeaderEntries(headers) }), updatedAt: at }
  return { $set: set, ...(removed.length > 0 && { $unset: Object.fromEntries(removed) }) }
}

export function removeEndpoint({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["remove"] {
  return ({ tenantId, id }) =>
    operations.run(`removal of ${id}`, async () => {
      const { deletedCount } = await toEndpoints((endpoints) => endpoints.deleteOne({ _id: id, tenantId }))
      return deletedCount === 1
    })
}
