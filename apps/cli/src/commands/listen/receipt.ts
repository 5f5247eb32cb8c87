import type { VerifiedEvent } from "@sluice/client"

/** What became of a forwarded event; status 502 where nobody answered. */
export interface Forwarded {
  readonly status: number
  readonly message: string
}

/** What a request to the receiver turned out to be. */
export type Receipt =
  | { readonly kind: "event"; readonly event: VerifiedEvent; readonly body: string; readonly forwarded: Forwarded | null }
  | { readonly kind: "refused"; readonly message: string }
