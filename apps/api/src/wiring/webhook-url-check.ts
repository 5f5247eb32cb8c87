import type { CheckWebhookUrl } from "@sluice/engine"
import type { LiveCatalog } from "@sluice/runtime"
import { checkWebhookUrl, webhookPolicy } from "@sluice/webhooks"

export interface WebhookUrlCheckOptions {
  readonly catalog: LiveCatalog
  /** Receivers may live anywhere: for tests. */
  readonly allowAll: boolean
}

/** Checks the URLs of webhooks by the policy of the configuration in use. */
export function createWebhookUrlCheck({ catalog, allowAll }: WebhookUrlCheckOptions): CheckWebhookUrl {
  const make = () => webhookPolicy({ allowPrivate: catalog.current().webhooks.allowPrivate, allowAll })
  let policy = make()
  catalog.onChange(() => {
    policy = make()
  })
  return (url) => {
    const verdict = checkWebhookUrl(url, policy)
    return verdict.ok ? null : verdict.message
  }
}
