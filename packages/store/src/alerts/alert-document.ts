import { type Alert, alertKeyOf, noticeDueAt } from "@sluice/core"
import { present } from "../present.ts"

/** The collection's name. */
export const alertsCollection = "alerts"

const schemaVersion = 1

type Optional = "value" | "firedAt" | "resolvedAt" | "clearSince" | "repeatAt" | "mutedUntil"

/** An alert as MongoDB keeps it. */
export type AlertDocument = Omit<Alert, "id" | "labels" | Optional> & {
  readonly _id: string
  readonly schemaVersion: number
  /** As values, since their names may contain what BSON gives a meaning. */
  readonly labels: readonly { readonly k: string; readonly v: string }[]
  /** While it is not over: of its rule and subject there is one at a time. */
  readonly activeKey?: string
  /** While a message is due. */
  readonly dueAt?: Date
} & { readonly [Key in Optional]?: NonNullable<Alert[Key]> }

export function toAlertDocument({ id, labels, ...alert }: Alert): AlertDocument {
  const { value, firedAt, resolvedAt, clearSince, repeatAt, mutedUntil, ...always } = alert
  return {
    _id: id,
    schemaVersion,
    ...always,
    labels: Object.entries(labels).map(([k, v]) => ({ k, v })),
    ...present({ value, firedAt, resolvedAt, clearSince, repeatAt, mutedUntil }),
    ...present({ activeKey: alert.state === "resolved" ? null : alertKeyOf(alert), dueAt: noticeDueAt(alert) }),
  }
}

export function fromAlertDocument(document: AlertDocument): Alert {
  const { _id, schemaVersion: _version, activeKey: _key, dueAt: _due, labels, ...always } = document
  return {
    ...always,
    id: _id,
    labels: Object.fromEntries(labels.map(({ k, v }) => [k, v])),
    value: document.value ?? null,
    firedAt: document.firedAt ?? null,
    resolvedAt: document.resolvedAt ?? null,
    clearSince: document.clearSince ?? null,
    repeatAt: document.repeatAt ?? null,
    mutedUntil: document.mutedUntil ?? null,
  }
}
