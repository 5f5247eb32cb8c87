import type { BatchJobs, BatchStore } from "@sluice/core"

/** Batches of a store that need not be there yet. */
export function deferredBatches(batches: () => BatchStore): BatchStore {
  return {
    insert: async (batch) => await batches().insert(batch),
    find: async (request) => await batches().find(request),
    list: async (request) => await batches().list(request),
    open: async (request) => await batches().open(request),
    keepOpen: async (request) => await batches().keepOpen(request),
    close: async (request) => await batches().close(request),
    cancel: async (request) => await batches().cancel(request),
    findActive: async (request) => await batches().findActive(request),
    recordCounts: async (request) => await batches().recordCounts(request),
    complete: async (request) => await batches().complete(request),
    markAnnounced: async (request) => await batches().markAnnounced(request),
    activate: async (request) => await batches().activate(request),
    settle: async (request) => await batches().settle(request),
    findSettled: async (request) => await batches().findSettled(request),
    remove: async (request) => await batches().remove(request),
  }
}

/** What the jobs of batches tell, of a store that need not be there yet. */
export function deferredBatchJobs(batchJobs: () => BatchJobs): BatchJobs {
  return {
    findItems: async (request) => await batchJobs().findItems(request),
    count: async (request) => await batchJobs().count(request),
    hasUnfinished: async (request) => await batchJobs().hasUnfinished(request),
    hasAny: async (request) => await batchJobs().hasAny(request),
    findUnfinished: async (request) => await batchJobs().findUnfinished(request),
    findEnded: async (request) => await batchJobs().findEnded(request),
    load: async (request) => await batchJobs().load(request),
  }
}
