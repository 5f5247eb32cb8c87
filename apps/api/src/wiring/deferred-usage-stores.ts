import type { UsageLedger, UsageReports } from "@sluice/core"

/** A ledger that need not be there yet. */
export function deferredUsageLedger(ledger: () => UsageLedger): UsageLedger {
  return {
    page: async () => await ledger().page(),
    findUnaccounted: async (request) => await ledger().findUnaccounted(request),
    findRows: async (ids) => await ledger().findRows(ids),
    openPage: async (page) => await ledger().openPage(page),
    writeRows: async (page) => await ledger().writeRows(page),
    markAccounted: async (page) => await ledger().markAccounted(page),
    closePage: async (page) => await ledger().closePage(page),
  }
}

/** Reports that need not be there yet. */
export function deferredUsageReports(reports: () => UsageReports): UsageReports {
  return {
    sum: async (request) => await reports().sum(request),
    buckets: async (request) => await reports().buckets(request),
    unaccountedSince: async () => await reports().unaccountedSince(),
    removeBuckets: async (request) => await reports().removeBuckets(request),
  }
}
