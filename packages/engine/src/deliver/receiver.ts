import {
  type Clock,
  createWebhookSecret,
  type Delivery,
  isOwnTarget,
  secretsAt,
  type WebhookEndpoint,
  type WebhookEndpointStore,
} from "@sluice/core"

/** Where a delivery goes now, or why nowhere. */
export type Receiver =
  | {
      readonly kind: "reachable"
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly secrets: readonly string[]
      readonly endpoint: WebhookEndpoint | null
    }
  | { readonly kind: "nobody"; readonly error: string }

export interface ReceiverDependencies {
  readonly endpoints: WebhookEndpointStore
  readonly clock: Clock
}

/** Looks up the receivers of deliveries, with one query for all endpoints. Nothing is kept: a change holds from the next try on. */
export async function receiversOf(
  dependencies: ReceiverDependencies,
  deliveries: readonly Delivery[],
): Promise<(delivery: Delivery) => Receiver> {
  const { endpoints, clock } = dependencies
  const at = clock()
  const targets = new Set(deliveries.flatMap(({ target }) => (isOwnTarget(target) ? [] : [target])))
  const found = targets.size > 0 ? await endpoints.findMany([...targets]) : []
  const byId = new Map(found.map((endpoint) => [endpoint.id, endpoint]))
  const defaults = await defaultSecrets(dependencies, deliveries)
  return (delivery) => {
    const { target, url, secret, tenantId } = delivery
    if (!isOwnTarget(target)) return receiverOfEndpoint(byId.get(target), at)
    const secrets = secret === null ? (defaults.get(tenantId) ?? []) : [secret]
    return url === null ? { kind: "nobody", error: "It names no URL." } : { kind: "reachable", url, headers: {}, secrets, endpoint: null }
  }
}

function receiverOfEndpoint(endpoint: WebhookEndpoint | undefined, at: Date): Receiver {
  if (!endpoint) return { kind: "nobody", error: "The webhook endpoint was removed." }
  const { url, headers, disabled } = endpoint
  if (disabled) return { kind: "nobody", error: `The webhook endpoint is disabled (${disabled.reason}). Enable it, then recover.` }
  return { kind: "reachable", url, headers, secrets: secretsAt(endpoint.secrets, at), endpoint }
}

async function defaultSecrets({ endpoints, clock }: ReceiverDependencies, deliveries: readonly Delivery[]) {
  const tenants = new Set(deliveries.flatMap(({ target, secret, tenantId }) => (isOwnTarget(target) && secret === null ? [tenantId] : [])))
  const at = clock()
  const entries = [...tenants].map(async (tenantId): Promise<[string, readonly string[]]> => {
    const secrets = await endpoints.tenantSecrets({ tenantId, at, make: () => createWebhookSecret() })
    return [tenantId, secretsAt(secrets, at)]
  })
  return new Map(await Promise.all(entries))
}
