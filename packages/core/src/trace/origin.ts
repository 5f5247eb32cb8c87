/** What leads from something back to the request that asked for it. */
export interface Origin {
  /** Where its trace goes on from. Null: there is none. */
  readonly traceparent: string | null
  /** Its name in the logs and in `x-request-id`. Null: no request asked for it, or it is not known which. */
  readonly requestId: string | null
}

export const noOrigin: Origin = { traceparent: null, requestId: null }
