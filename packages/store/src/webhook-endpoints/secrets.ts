import { rotateSecrets, type WebhookEndpointStore } from "@sluice/core"
import { isDuplicateKey } from "../errors/duplicate-key.ts"
import { TryAgain } from "../errors/try-again.ts"
import type { WebhookEndpointContext } from "./webhook-endpoint-context.ts"
import { firstSecrets, fromEndpointDocument } from "./webhook-endpoint-document.ts"

/** Conditional on the version that was read: of two rotations at once the second builds on the first. */
export function rotateSecret({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["rotateSecret"] {
  return ({ tenantId, id, secret, at, overlapMs }) =>
    operations.run(`rotation of the secret of ${id}`, async () => {
      const before = await toEndpoints((endpoints) => endpoints.findOne({ _id: id, tenantId }))
      if (!before) return null
      // Made already, by an attempt whose outcome was unknown.
      if (before.secrets[0]?.secret === secret) return fromEndpointDocument(before)
      const secrets = rotateSecrets(before.secrets, { secret, at, overlapMs })
      const rotated = await toEndpoints((endpoints) =>
        endpoints.findOneAndUpdate(
          { _id: id, tenantId, secretsVersion: before.secretsVersion },
          { $set: { secrets, updatedAt: at }, $inc: { secretsVersion: 1 } },
          { returnDocument: "after" },
        ),
      )
      if (!rotated) throw new TryAgain("the endpoint changed while its secret was rotated")
      return fromEndpointDocument(rotated)
    })
}

export function tenantSecrets({ toSecrets, operations }: WebhookEndpointContext): WebhookEndpointStore["tenantSecrets"] {
  return ({ tenantId, at, make }) =>
    operations.run(`webhook secret of tenant ${tenantId}`, async () => {
      const known = await toSecrets((secrets) => secrets.findOne({ _id: tenantId }))
      if (known) return known.secrets
      const first = [{ secret: make(), createdAt: at, expiresAt: null }]
      await orTryAgain(toSecrets((secrets) => secrets.insertOne(firstSecrets(tenantId, first))))
      return first
    })
}

export function rotateTenantSecret({ toSecrets, operations }: WebhookEndpointContext): WebhookEndpointStore["rotateTenantSecret"] {
  return ({ tenantId, ...next }) =>
    operations.run(`rotation of the webhook secret of tenant ${tenantId}`, async () => {
      const before = await toSecrets((secrets) => secrets.findOne({ _id: tenantId }))
      if (before?.secrets[0]?.secret === next.secret) return before.secrets
      const rotated = rotateSecrets(before?.secrets ?? [], next)
      if (!before) {
        await orTryAgain(toSecrets((secrets) => secrets.insertOne(firstSecrets(tenantId, rotated))))
        return rotated
      }
      const unchanged = { _id: tenantId, secretsVersion: before.secretsVersion }
      const { matchedCount } = await toSecrets((secrets) =>
        secrets.updateOne(unchanged, { $set: { secrets: rotated }, $inc: { secretsVersion: 1 } }),
      )
      if (matchedCount === 0) throw new TryAgain("the secret changed while it was rotated")
      return rotated
    })
}

async function orTryAgain(insert: Promise<unknown>): Promise<void> {
  try {
    await insert
  } catch (error) {
    if (isDuplicateKey(error)) throw new TryAgain("another process made the secret first")
    throw error
  }
}
