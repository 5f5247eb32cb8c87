import type { DeliveryStore, WebhookEndpointStore } from "@sluice/core"

/** Deliveries of a store that need not be there yet. */
export function deferredDeliveries(deliveries: () => DeliveryStore): DeliveryStore {
  return {
    insert: async (request) => await deliveries().insert(request),
    findDue: async (request) => await deliveries().findDue(request),
    lease: async (request) => await deliveries().lease(request),
    settle: async (request) => await deliveries().settle(request),
    find: async (request) => await deliveries().find(request),
    ofJob: async (request) => await deliveries().ofJob(request),
    list: async (request) => await deliveries().list(request),
    redeliver: async (request) => await deliveries().redeliver(request),
    recover: async (request) => await deliveries().recover(request),
    countRecovered: async (request) => await deliveries().countRecovered(request),
  }
}

/** Endpoints of a store that need not be there yet. */
export function deferredWebhookEndpoints(endpoints: () => WebhookEndpointStore): WebhookEndpointStore {
  return {
    insert: async (request) => await endpoints().insert(request),
    find: async (request) => await endpoints().find(request),
    list: async (request) => await endpoints().list(request),
    findMany: async (request) => await endpoints().findMany(request),
    listenersOf: async (request) => await endpoints().listenersOf(request),
    findDisabled: async (request) => await endpoints().findDisabled(request),
    update: async (request) => await endpoints().update(request),
    remove: async (request) => await endpoints().remove(request),
    rotateSecret: async (request) => await endpoints().rotateSecret(request),
    noteFailure: async (request) => await endpoints().noteFailure(request),
    noteSuccess: async (request) => await endpoints().noteSuccess(request),
    disable: async (request) => await endpoints().disable(request),
    bookSends: async (request) => await endpoints().bookSends(request),
    tenantSecrets: async (request) => await endpoints().tenantSecrets(request),
    rotateTenantSecret: async (request) => await endpoints().rotateTenantSecret(request),
    insertRecovery: async (request) => await endpoints().insertRecovery(request),
    findRecovery: async (request) => await endpoints().findRecovery(request),
    runningRecoveries: async (request) => await endpoints().runningRecoveries(request),
    finishRecovery: async (request) => await endpoints().finishRecovery(request),
  }
}
