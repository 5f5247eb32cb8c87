/** How many jobs of a tenant have not begun to run. Rejects with `StorageUnavailableError` as the stores do. */
export interface QueuedJobs {
  /** Counts no further than `limit`. */
  count(request: { readonly tenantId: string; readonly limit: number }): Promise<number>
}
