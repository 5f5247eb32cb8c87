/** Tells other processes that a job has reached its end. Best effort: whoever listens also looks at the store. */
export interface JobSignals {
  announceFinished(job: { readonly id: string }): void
  /** The listener is called for every job of the installation. Returns a function that ends the subscription. */
  onFinished(listener: (job: { readonly id: string }) => void): () => void
}
