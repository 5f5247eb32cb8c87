import type { Tenant } from "@sluice/core"
import type { Changing } from "../changes/changes.ts"
import { present } from "../present.ts"

/** The collection's name. */
export const tenantsCollection = "tenants"

export const tenantSchemaVersion = 1

/** A tenant as MongoDB keeps it. */
export interface TenantDocument extends Changing, Pick<Tenant, "createdAt" | "updatedAt"> {
  readonly _id: string
  readonly schemaVersion: number
  readonly insertToken?: string
  readonly name?: string
  /** Absent where nothing was ever set. */
  readonly settings?: Tenant["settings"]
  readonly disabled?: NonNullable<Tenant["disabled"]>
}

export function toTenantDocument({ id, name, disabled, ...always }: Tenant): Omit<TenantDocument, "changedAt"> {
  return { _id: id, schemaVersion: tenantSchemaVersion, ...always, ...present({ name, disabled }) }
}

export function fromTenantDocument({ _id, name, settings, disabled, createdAt, updatedAt }: TenantDocument): Tenant {
  return { id: _id, name: name ?? null, settings: settings ?? {}, disabled: disabled ?? null, createdAt, updatedAt }
}
