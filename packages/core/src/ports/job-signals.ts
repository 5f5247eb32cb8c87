/** Tells other processes what has become of a job. Best effort: whoever listens also looks at the store. */
export interface JobSignals {
  announceFinished(job: { readonly id: string }): void
  /** The listener is called for every job of the installation. Returns a function that ends the subscription. */
  onFinished(listener: (job: { readonly id: string }) => void): () => void
  /** Tells whoever executes the job that its caller does not want it any more. */
  announceCancelled(job: { readonly id: string }): void
  onCancelled(listener: (job: { readonly id: string }) => void): () => void
}
