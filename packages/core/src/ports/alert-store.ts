import type { Alert, AlertState } from "../alerts/alert.ts"

export interface AlertFilter {
  readonly state?: AlertState | undefined
  readonly rule?: string | undefined
  /** That were not over by then. */
  readonly since?: Date | undefined
}

/** Alerts of the installation. Every method rejects with `StorageUnavailableError` when the database does not answer in time. */
export interface AlertStore {
  /** Those that are pending or firing. */
  active(): Promise<readonly Alert[]>
  /** Those with a message that is due, the longest due first. */
  findDue(request: { readonly at: Date; readonly limit: number }): Promise<readonly Alert[]>
  find(id: string): Promise<Alert | null>
  /** False: there is another of its rule and subject that is not over. Doing so again with the same one is true too. */
  insert(alert: Alert): Promise<boolean>
  /** Writes what became of the alert that was read with this revision, under the next one. False: somebody else has written it since. */
  replace(alert: Alert): Promise<boolean>
  /** Removes it if it has this revision; false: it does not. */
  remove(alert: Pick<Alert, "id" | "revision">): Promise<boolean>
  /** Newest first; `before` is the id of the last of the page before. */
  list(request: { readonly filter: AlertFilter; readonly before: string | null; readonly limit: number }): Promise<readonly Alert[]>
  /** Removes those that were over by then. */
  removeOld(request: { readonly resolvedBefore: Date }): Promise<void>
}
