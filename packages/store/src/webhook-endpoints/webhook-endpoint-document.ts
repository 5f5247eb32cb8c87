import type { WebhookEndpoint, WebhookRecovery, WebhookSecret } from "@sluice/core"
import { present } from "../present.ts"

/** The collections' names. */
export const webhookEndpointsCollection = "webhookEndpoints"
export const webhookSecretsCollection = "webhookSecrets"
export const webhookRecoveriesCollection = "webhookRecoveries"

const schemaVersion = 1

type Optional = "description" | "rateLimitPerSecond" | "disabled" | "failingSince"

/** An endpoint as MongoDB keeps it. */
export type WebhookEndpointDocument = Omit<WebhookEndpoint, "id" | "headers" | "format" | Optional> & {
  readonly _id: string
  readonly schemaVersion: number
  /** Absent: Sluice's own. */
  readonly format?: WebhookEndpoint["format"]
  /** As values, since a header's name may contain what BSON gives a meaning. */
  readonly headers: readonly { readonly k: string; readonly v: string }[]
  /** Raised by each rotation: the next one is made on what it has read, or not at all. */
  readonly secretsVersion: number
  /** With a rate limit: when the next request may start, and what the last booking got. Milliseconds since the epoch. */
  readonly nextSendMs?: number
  readonly bookedFromMs?: number
  readonly bookedCount?: number
} & { readonly [Key in Optional]?: NonNullable<WebhookEndpoint[Key]> }

/** A tenant's own secrets; the id is the tenant's. */
export interface WebhookSecretsDocument {
  readonly _id: string
  readonly schemaVersion: number
  readonly secretsVersion: number
  readonly secrets: readonly WebhookSecret[]
}

export type WebhookRecoveryDocument = Omit<WebhookRecovery, "id" | "finishedAt"> & {
  readonly _id: string
  readonly schemaVersion: number
  readonly finishedAt?: Date
  readonly isRunning?: true
}

export const toHeaderEntries = (headers: WebhookEndpoint["headers"]) => Object.entries(headers).map(([k, v]) => ({ k, v }))

export function toEndpointDocument(endpoint: WebhookEndpoint): WebhookEndpointDocument {
  const { id, headers, description, rateLimitPerSecond, disabled, failingSince, ...always } = endpoint
  return {
    _id: id,
    schemaVersion,
    secretsVersion: 1,
    ...always,
    headers: toHeaderEntries(headers),
    ...present({ description, rateLimitPerSecond, disabled, failingSince }),
  }
}

export function fromEndpointDocument(document: WebhookEndpointDocument): WebhookEndpoint {
  const { _id, tenantId, url, events, headers, secrets, createdAt, updatedAt } = document
  return {
    id: _id,
    tenantId,
    url,
    description: document.description ?? null,
    format: document.format ?? "sluice",
    events,
    headers: Object.fromEntries(headers.map(({ k, v }) => [k, v])),
    rateLimitPerSecond: document.rateLimitPerSecond ?? null,
    secrets,
    disabled: document.disabled ?? null,
    failingSince: document.failingSince ?? null,
    createdAt,
    updatedAt,
  }
}

export function toRecoveryDocument({ id, finishedAt, ...always }: WebhookRecovery): WebhookRecoveryDocument {
  return { _id: id, schemaVersion, ...always, ...(finishedAt ? { finishedAt } : { isRunning: true }) }
}

export function fromRecoveryDocument(document: WebhookRecoveryDocument): WebhookRecovery {
  const { _id, tenantId, endpointId, since, createdAt } = document
  return { id: _id, tenantId, endpointId, since, createdAt, finishedAt: document.finishedAt ?? null }
}

export function firstSecrets(tenantId: string, secrets: readonly WebhookSecret[]): WebhookSecretsDocument {
  return { _id: tenantId, schemaVersion, secretsVersion: 1, secrets }
}
