import type { WebhookEndpointStore } from "@sluice/core"
import type { WebhookEndpointContext } from "./webhook-endpoint-context.ts"
import { fromRecoveryDocument, toRecoveryDocument } from "./webhook-endpoint-document.ts"

export function insertRecovery({ toRecoveries, operations }: WebhookEndpointContext): WebhookEndpointStore["insertRecovery"] {
  return (recovery) =>
    operations.run(`insert of ${recovery.id}`, async () => {
      const { _id, ...document } = toRecoveryDocument(recovery)
      await toRecoveries((recoveries) => recoveries.replaceOne({ _id }, document, { upsert: true }))
    })
}

export function findRecovery({ toRecoveries, operations }: WebhookEndpointContext): WebhookEndpointStore["findRecovery"] {
  return ({ tenantId, id, recoveryId }) =>
    operations.run(`read of ${recoveryId}`, async () => {
      const found = await toRecoveries((recoveries) => recoveries.findOne({ _id: recoveryId, tenantId, endpointId: id }))
      return found && fromRecoveryDocument(found)
    })
}

export function runningRecoveries({ toRecoveries, operations }: WebhookEndpointContext): WebhookEndpointStore["runningRecoveries"] {
  return ({ limit }) =>
    operations.run("search for recoveries under way", async () => {
      const found = await toRecoveries((recoveries) => recoveries.find({ isRunning: true }, { limit }).toArray())
      return found.map(fromRecoveryDocument)
    })
}

export function finishRecovery({ toRecoveries, operations }: WebhookEndpointContext): WebhookEndpointStore["finishRecovery"] {
  return ({ id, at }) =>
    operations.run(`end of ${id}`, async () => {
      const running = { _id: id, isRunning: true } as const
      await toRecoveries((recoveries) => recoveries.updateOne(running, { $set: { finishedAt: at }, $unset: { isRunning: "" } }))
    })
}
