import type { ApiKey } from "@sluice/core"
import type { Changing } from "../changes/changes.ts"
import { present } from "../present.ts"

/** The collection's name. */
export const apiKeysCollection = "apiKeys"

const schemaVersion = 1

type Optional = "expiresAt" | "lastUsedAt" | "revoked"

/** A key as MongoDB keeps it. */
export type ApiKeyDocument = Omit<ApiKey, "id" | Optional> & {
  readonly _id: string
  readonly schemaVersion: number
  /** Raised by each rotation: the next one is made on what it has read, or not at all. */
  readonly secretsVersion: number
} & Changing & { readonly [Key in Optional]?: NonNullable<ApiKey[Key]> }

export function toApiKeyDocument({ id, expiresAt, lastUsedAt, revoked, ...always }: ApiKey): Omit<ApiKeyDocument, "changedAt"> {
  return { _id: id, schemaVersion, secretsVersion: 1, ...always, ...present({ expiresAt, lastUsedAt, revoked }) }
}

export function fromApiKeyDocument(document: ApiKeyDocument): ApiKey {
  const { _id, tenantId, name, scopes, secrets, createdAt, createdBy, expiresAt, lastUsedAt, revoked } = document
  return {
    id: _id,
    tenantId,
    name,
    scopes,
    secrets,
    createdAt,
    createdBy,
    expiresAt: expiresAt ?? null,
    lastUsedAt: lastUsedAt ?? null,
    revoked: revoked ?? null,
  }
}
