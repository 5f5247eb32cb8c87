import type { WebhookEndpointStore } from "@sluice/core"
import type { WebhookEndpointContext } from "./webhook-endpoint-context.ts"
import { fromEndpointDocument } from "./webhook-endpoint-document.ts"

export function findEndpoint({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["find"] {
  return ({ tenantId, id }) =>
    operations.run(`read of ${id}`, async () => {
      const found = await toEndpoints((endpoints) => endpoints.findOne({ _id: id, tenantId }))
      return found && fromEndpointDocument(found)
    })
}

export function listEndpoints({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["list"] {
  return ({ tenantId, before, limit }) =>
    operations.run("list of webhook endpoints", async () => {
      const filter = { tenantId, ...(before !== null && { _id: { $lt: before } }) }
      const found = await toEndpoints((endpoints) => endpoints.find(filter, { sort: { _id: -1 }, limit }).toArray())
      return found.map(fromEndpointDocument)
    })
}

export function findEndpoints({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["findMany"] {
  return (ids) =>
    operations.run(`read of ${ids.length} webhook endpoints`, async () => {
      const found = await toEndpoints((endpoints) => endpoints.find({ _id: { $in: [...ids] } }).toArray())
      return found.map(fromEndpointDocument)
    })
}

export function disabledEndpoints({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["findDisabled"] {
  return ({ limit }) =>
    operations.run("search for disabled webhook endpoints", async () => {
      const filter = { "disabled.reason": { $exists: true, $ne: "manual" } } as const
      const found = await toEndpoints((endpoints) => endpoints.find(filter, { limit }).toArray())
      return found.map(fromEndpointDocument)
    })
}

export function listeningEndpoints({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["listenersOf"] {
  return (tenantIds) =>
    operations.run("read of the listening webhook endpoints", async () => {
      const filter = { ...(tenantIds !== null && { tenantId: { $in: [...tenantIds] } }), "disabled.reason": { $ne: "manual" } }
      const found = await toEndpoints((endpoints) => endpoints.find(filter).toArray())
      return found.map(fromEndpointDocument)
    })
}
