/** Leadership among processes. A holder that stops renewing loses it when its time is over. */
export interface LeaseStore {
  /** Takes or renews; true while the holder leads. At most one holder is told true at a time, up to clock skew. */
  acquire(request: { readonly name: string; readonly holder: string; readonly ttlMs: number }): Promise<boolean>
  /** Gives it up early; another holder's lease stays untouched. */
  release(request: { readonly name: string; readonly holder: string }): Promise<void>
}
