import type { WebhookEndpointStore } from "@sluice/core"
import type { WebhookEndpointContext } from "./webhook-endpoint-context.ts"

/** `$min` sets what is absent, and leaves the earlier of two. */
export function noteFailure({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["noteFailure"] {
  return ({ id, at }) =>
    operations.run(`failure of ${id}`, async () => {
      const noted = await toEndpoints((endpoints) =>
        endpoints.findOneAndUpdate({ _id: id }, { $min: { failingSince: at } }, { returnDocument: "after" }),
      )
      return noted?.failingSince ?? null
    })
}

export function noteSuccess({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["noteSuccess"] {
  return ({ id }) =>
    operations.run(`success of ${id}`, async () => {
      await toEndpoints((endpoints) => endpoints.updateOne({ _id: id }, { $unset: { failingSince: "" } }))
    })
}

export function disableEndpoint({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["disable"] {
  return ({ id, reason, at }) =>
    operations.run(`disabling of ${id}`, async () => {
      const enabled = { _id: id, disabled: { $exists: false } }
      const { matchedCount } = await toEndpoints((endpoints) =>
        endpoints.updateOne(enabled, { $set: { disabled: { reason, at }, updatedAt: at } }),
      )
      return matchedCount === 1
    })
}
