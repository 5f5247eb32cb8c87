import type { AlertStore, CanaryStore } from "@sluice/core"

/** Alerts of a store that need not be there yet. */
export function deferredAlerts(alerts: () => AlertStore): AlertStore {
  return {
    active: async () => await alerts().active(),
    findDue: async (request) => await alerts().findDue(request),
    find: async (id) => await alerts().find(id),
    insert: async (alert) => await alerts().insert(alert),
    replace: async (alert) => await alerts().replace(alert),
    remove: async (alert) => await alerts().remove(alert),
    list: async (request) => await alerts().list(request),
    removeOld: async (request) => await alerts().removeOld(request),
  }
}

/** Canaries of a store that need not be there yet. */
export function deferredCanaries(canaries: () => CanaryStore): CanaryStore {
  return {
    list: async () => await canaries().list(),
    claim: async (request) => await canaries().claim(request),
    record: async (result) => await canaries().record(result),
    retain: async (refs) => await canaries().retain(refs),
  }
}
