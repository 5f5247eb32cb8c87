import type { Delivery } from "@sluice/core"
import { present } from "../present.ts"

/** The collection's name. */
export const deliveriesCollection = "deliveries"

const deliverySchemaVersion = 1

type Optional =
  | "jobId"
  | "route"
  | "url"
  | "secret"
  | "nextAttemptAt"
  | "leaseToken"
  | "lastError"
  | "recoveryId"
  | "deliveredAt"
  | "failedAt"
  | "untoldAt"

/** A delivery as MongoDB keeps it. What is null in a delivery is absent here, so that partial indexes hold only what has a value. */
export type DeliveryDocument = Omit<Delivery, "id" | Optional> & {
  readonly _id: string
  readonly schemaVersion: number
} & { readonly [Key in Optional]?: NonNullable<Delivery[Key]> }

export function toDeliveryDocument(delivery: Delivery): DeliveryDocument {
  const { id, jobId, route, url, secret, nextAttemptAt, leaseToken, lastError, recoveryId, deliveredAt, failedAt, untoldAt, ...always } =
    delivery
  const optional = present({ jobId, route, url, secret, nextAttemptAt, leaseToken, lastError, recoveryId, deliveredAt, failedAt, untoldAt })
  return { _id: id, schemaVersion: deliverySchemaVersion, ...always, ...optional }
}

export function fromDeliveryDocument({ _id, schemaVersion: _version, ...document }: DeliveryDocument): Delivery {
  return {
    ...document,
    id: _id,
    jobId: document.jobId ?? null,
    route: document.route ?? null,
    url: document.url ?? null,
    secret: document.secret ?? null,
    nextAttemptAt: document.nextAttemptAt ?? null,
    leaseToken: document.leaseToken ?? null,
    lastError: document.lastError ?? null,
    recoveryId: document.recoveryId ?? null,
    deliveredAt: document.deliveredAt ?? null,
    failedAt: document.failedAt ?? null,
    untoldAt: document.untoldAt ?? null,
  }
}
