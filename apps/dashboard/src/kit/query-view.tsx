import type { ReactNode } from "react"
import { ErrorState, Loading } from "./states.tsx"

export interface QueryViewProps<T> {
  /** As TanStack Query has it, or what was made of it. */
  readonly query: { readonly data: T | undefined; readonly error: Error | null; readonly refetch: () => unknown }
  readonly children: (data: T) => ReactNode
}

/** What a query has brought, or that it is under way, or why it failed. What was there before stays while a later try fails. */
export function QueryView<T>({ query: { data, error, refetch }, children }: QueryViewProps<T>) {
  if (data !== undefined) return children(data)
  return error ? <ErrorState error={error} onRetry={refetch} /> : <Loading />
}
