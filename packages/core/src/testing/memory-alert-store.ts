import { type Alert, alertKeyOf, noticeDueAt } from "../alerts/alert.ts"
import type { AlertStore } from "../ports/alert-store.ts"

/** Alerts in a map. */
export function createMemoryAlertStore(): AlertStore & { readonly alerts: ReadonlyMap<string, Alert> } {
  const alerts = new Map<string, Alert>()
  const all = () => [...alerts.values()]
  const isActive = ({ state }: Alert) => state !== "resolved"
  const current = ({ id, revision }: Pick<Alert, "id" | "revision">) => alerts.get(id)?.revision === revision
  const dueMs = (alert: Alert) => noticeDueAt(alert)?.getTime() ?? Number.POSITIVE_INFINITY
  return {
    alerts,
    active: () => Promise.resolve(all().filter(isActive)),
    findDue({ at, limit }) {
      const due = all().filter((alert) => dueMs(alert) <= at.getTime())
      return Promise.resolve(due.sort((a, b) => dueMs(a) - dueMs(b)).slice(0, limit))
    },
    find: (id) => Promise.resolve(alerts.get(id) ?? null),
    insert(alert) {
      if (alerts.has(alert.id)) return Promise.resolve(true)
      const isTaken = all().some((other) => isActive(other) && alertKeyOf(other) === alertKeyOf(alert))
      if (!isTaken) alerts.set(alert.id, alert)
      return Promise.resolve(!isTaken)
    },
    replace(alert) {
      const isCurrent = current(alert)
      if (isCurrent) alerts.set(alert.id, { ...alert, revision: alert.revision + 1 })
      return Promise.resolve(isCurrent)
    },
    remove: (alert) => Promise.resolve(current(alert) && alerts.delete(alert.id)),
    list({ filter: { state, rule, since }, before, limit }) {
      const isAsked = (alert: Alert) =>
        (before === null || alert.id < before) &&
        (state === undefined || alert.state === state) &&
        (rule === undefined || alert.rule === rule) &&
        (since === undefined || alert.resolvedAt === null || alert.resolvedAt > since)
      const found = all().filter(isAsked)
      return Promise.resolve(found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit))
    },
    removeOld({ resolvedBefore }) {
      for (const alert of all()) if (alert.resolvedAt !== null && alert.resolvedAt < resolvedBefore) alerts.delete(alert.id)
      return Promise.resolve()
    },
  }
}
