import type { Delivery } from "@sluice/core"
import type { Place, Sealed, Sealer } from "../encryption/sealer.ts"
import { present } from "../present.ts"

/** The collection's name. */
export const deliveriesCollection = "deliveries"

const deliverySchemaVersion = 1

type Optional =
  | "jobId"
  | "route"
  | "traceparent"
  | "requestId"
  | "url"
  | "nextAttemptAt"
  | "leaseToken"
  | "lastError"
  | "recoveryId"
  | "deliveredAt"
  | "failedAt"
  | "untoldAt"

/** A delivery as MongoDB keeps it. What is null in a delivery is absent here, so that partial indexes hold only what has a value. */
export type DeliveryDocument = Omit<Delivery, "id" | "body" | Optional | "secret"> & {
  readonly _id: string
  readonly schemaVersion: number
  readonly body: Sealed
  readonly secret?: Sealed
  /** The key that encrypted body and secret. Absent: nothing did. */
  readonly bodyKey?: string
} & { readonly [Key in Optional]?: NonNullable<Delivery[Key]> }

export function placeInDelivery({ _id, tenantId }: Pick<DeliveryDocument, "_id" | "tenantId">, field: "body" | "secret"): Place {
  return { collection: deliveriesCollection, id: _id, tenantId, field }
}

export function toDeliveryDocument(delivery: Delivery, sealer: Sealer): DeliveryDocument {
  const {
    id,
    body,
    jobId,
    route,
    traceparent,
    requestId,
    url,
    secret,
    nextAttemptAt,
    leaseToken,
    lastError,
    recoveryId,
    deliveredAt,
    failedAt,
    untoldAt,
    ...always
  } = delivery
  const optional = present({
    jobId,
    route,
    traceparent,
    requestId,
    url,
    nextAttemptAt,
    leaseToken,
    lastError,
    recoveryId,
    deliveredAt,
    failedAt,
    untoldAt,
  })
  const at = { _id: id, tenantId: delivery.tenantId }
  return {
    _id: id,
    schemaVersion: deliverySchemaVersion,
    ...always,
    body: sealer.seal(body, placeInDelivery(at, "body")),
    ...(secret !== null && { secret: sealer.seal(secret, placeInDelivery(at, "secret")) }),
    ...present({ bodyKey: sealer.keyId }),
    ...optional,
  }
}

export function fromDeliveryDocument(found: DeliveryDocument, sealer: Sealer): Delivery {
  const { _id, schemaVersion: _version, bodyKey: _key, body, secret, ...document } = found
  return {
    ...document,
    id: _id,
    body: sealer.open(body, placeInDelivery(found, "body")),
    secret: secret === undefined ? null : sealer.open(secret, placeInDelivery(found, "secret")),
    jobId: document.jobId ?? null,
    route: document.route ?? null,
    traceparent: document.traceparent ?? null,
    requestId: document.requestId ?? null,
    url: document.url ?? null,
    nextAttemptAt: document.nextAttemptAt ?? null,
    leaseToken: document.leaseToken ?? null,
    lastError: document.lastError ?? null,
    recoveryId: document.recoveryId ?? null,
    deliveredAt: document.deliveredAt ?? null,
    failedAt: document.failedAt ?? null,
    untoldAt: document.untoldAt ?? null,
  }
}
