/** What a call may do to the server it came in through. */
export interface ServerEffects {
  /** Resets all connections and refuses new ones for a time. */
  refuseConnections(durationMs: number): void
}
