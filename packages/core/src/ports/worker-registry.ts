/** Which workers live. Time is the registry's own, so the clocks of the workers do not matter. */
export interface WorkerRegistry {
  /** A sign of life, which stands for `ttlMs`. */
  beat(request: { readonly workerId: string; readonly ttlMs: number }): Promise<void>
  /** The worker has stopped in order. */
  leave(workerId: string): Promise<void>
  /** Those whose last sign of life still stands. */
  live(): Promise<readonly string[]>
}
