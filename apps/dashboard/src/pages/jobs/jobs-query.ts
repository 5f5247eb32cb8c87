import { infiniteQueryOptions } from "@tanstack/react-query"
import type { Api } from "../../app/api.tsx"
import { refreshEveryMs } from "../../app/query-client.ts"
import { filtersOf, type JobsSearch } from "./jobs-search.ts"

const pageSize = 100
const firstPage: string | undefined = undefined

/** Jobs, newest first, page by page. The first page alone is kept up to date: who has scrolled on reads what was there. */
export function jobsQuery({ client, tenantId }: Api, search: JobsSearch) {
  return infiniteQueryOptions({
    queryKey: [tenantId, "jobs", search],
    queryFn: ({ pageParam, signal }) =>
      client.jobs.list({ ...filtersOf(search, Date.now()), limit: pageSize, cursor: pageParam }, { signal }).page(),
    initialPageParam: firstPage,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: ({ state: { data } }) => ((data?.pages.length ?? 0) > 1 ? false : refreshEveryMs),
    refetchOnWindowFocus: ({ state: { data } }) => (data?.pages.length ?? 0) <= 1,
  })
}
