/** What is in the queue of a route. */
export interface QueueState {
  readonly route: string
  readonly waiting: number
  readonly prioritized: number
  readonly delayed: number
  readonly active: number
  readonly paused: boolean
  /** When the oldest of the next hundred in line came into the queue. */
  readonly oldestWaitingSince: Date | null
}

/** What operators see of the queues, and do to them. Rejects with `QueueUnavailableError` when Redis does not answer in time. */
export interface QueueInspector {
  states(routes: readonly string[]): Promise<readonly QueueState[]>
  /** Workers finish what they have and fetch nothing until it is resumed. Doing so again changes nothing. */
  setPaused(request: { readonly route: string; readonly paused: boolean }): Promise<void>
}
