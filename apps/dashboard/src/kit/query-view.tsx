import type { UseQueryResult } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { ErrorState, Loading } from "./states.tsx"

export interface QueryViewProps<T> {
  readonly query: Pick<UseQueryResult<T>, "data" | "error" | "refetch">
  readonly children: (data: T) => ReactNode
}

/** What a query has brought, or that it is under way, or why it failed. What was there before stays while a later try fails. */
export function QueryView<T>({ query: { data, error, refetch }, children }: QueryViewProps<T>) {
  if (data !== undefined) return children(data)
  return error ? <ErrorState error={error} onRetry={refetch} /> : <Loading />
}
