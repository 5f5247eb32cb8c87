import type { WebhookEndpointResource } from "../contract/webhook-endpoint-resource.ts"
import { previousSecretExpiry } from "../secrets/rotate-secrets.ts"
import type { WebhookEndpoint } from "./webhook-endpoint.ts"

/** An endpoint as the wire shows it: without its secrets and without the values of its headers. */
export function presentWebhookEndpoint(endpoint: WebhookEndpoint, { at }: { readonly at: Date }): WebhookEndpointResource {
  const { id, url, description, format, events, headers, rateLimitPerSecond, disabled, failingSince, secrets, createdAt, updatedAt } =
    endpoint
  return {
    id,
    object: "webhook_endpoint",
    url,
    description,
    format,
    events: [...events],
    headerNames: Object.keys(headers),
    rateLimitPerSecond,
    disabled: disabled && { reason: disabled.reason, at: disabled.at.toISOString() },
    failingSince: failingSince?.toISOString() ?? null,
    previousSecretExpiresAt: previousSecretExpiry(secrets, at)?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}
