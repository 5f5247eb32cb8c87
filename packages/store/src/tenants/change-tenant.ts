import type { TenantChanges } from "@sluice/core"
import type { UpdateFilter } from "mongodb"
import { noteChange } from "../changes/changes.ts"
import { present } from "../present.ts"
import { type TenantDocument, tenantSchemaVersion } from "./tenant-document.ts"

/** What becomes null is removed. The names are those of settings, never a caller's own. */
export function changeTenant({ settings = {}, ...changes }: TenantChanges, at: Date): UpdateFilter<TenantDocument> {
  const named = Object.entries(settings).map(([name, value]) => [`settings.${name}`, value] as const)
  const all: Record<string, unknown> = { ...changes, ...Object.fromEntries(named) }
  const removed = Object.entries(all).flatMap(([path, value]) => (value === null ? [[path, ""]] : []))
  return {
    $set: { ...present(all), updatedAt: at },
    $setOnInsert: { schemaVersion: tenantSchemaVersion, createdAt: at },
    ...(removed.length > 0 && { $unset: Object.fromEntries(removed) }),
    ...noteChange,
  }
}
