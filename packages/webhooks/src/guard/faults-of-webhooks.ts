import type { Configuration } from "@sluice/core"
import { WebhookPolicyError, webhookPolicy } from "./webhook-policy.ts"

/** What is wrong with the ranges of a configuration, beyond what its schema tells. */
export function faultsOfWebhooks({
  webhooks,
}: Pick<Configuration, "webhooks">): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  return webhooks.allowPrivate.flatMap((cidr, index) => {
    try {
      webhookPolicy({ allowPrivate: [cidr] })
      return []
    } catch (error) {
      if (!(error instanceof WebhookPolicyError)) throw error
      return [{ path: ["webhooks", "allowPrivate", index], message: error.message }]
    }
  })
}
