import type { QueryValue, Transport } from "../transport/transport.ts"
import { createListing, type Listing, type Page } from "./listing.ts"

/** Every call takes one: the request, and whatever waits for it, ends when it is aborted. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

export interface PageQuery {
  /** Items on a page. The server has a bound of its own. */
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

export interface ListRequest extends CallOptions {
  readonly path: string
  readonly query: Readonly<Record<string, QueryValue>>
}

export function listResource<T>(transport: Transport, { path, query, signal }: ListRequest): Listing<T> {
  const { cursor: start, ...filters } = query
  const fetchPage = (cursor: string | undefined) => transport.json<Page<T>>({ method: "GET", path, query: { ...filters, cursor }, signal })
  return createListing(fetchPage, typeof start === "string" ? start : undefined)
}
