import { useInfiniteQuery } from "@tanstack/react-query"
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { useCallback, useMemo } from "react"
import { useApi } from "../../app/api.tsx"
import { Button } from "../../kit/button.tsx"
import { DataTable } from "../../kit/data-table.tsx"
import { Page, Panel } from "../../kit/page.tsx"
import { EmptyState, ErrorState, Loading } from "../../kit/states.tsx"
import { jobColumns } from "./job-columns.tsx"
import { JobsFilters } from "./jobs-filters.tsx"
import { jobsQuery } from "./jobs-query.ts"
import { jobsFilterNames } from "./jobs-search.ts"
import "./jobs-page.css"

const route = getRouteApi("/jobs")
const rowHeightPx = 52

/** All jobs of the tenant, newest first, by filters that the address keeps. */
export function JobsPage() {
  const search = route.useSearch()
  const query = useInfiniteQuery(jobsQuery(useApi(), search))
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query
  const jobs = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data])
  const bringMore = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const isFiltered = jobsFilterNames.some((name) => search[name] !== undefined)
  return (
    <Page title="Jobs">
      <JobsFilters search={search} />
      <Panel isFlush>
        {data && jobs.length > 0 && (
          <DataTable
            label="Jobs"
            columns={jobColumns}
            rows={jobs}
            keyOf={({ id }) => id}
            rowHeightPx={rowHeightPx}
            onEnd={hasNextPage && !isFetchingNextPage ? bringMore : undefined}
          />
        )}
        {data && jobs.length === 0 && <NoJobs isFiltered={isFiltered} />}
        {!data && !error && <Loading what="Loading jobs" />}
        {isFetchingNextPage && <Loading what="Loading older jobs" />}
        {error && <ErrorState error={error} onRetry={data ? fetchNextPage : refetch} />}
      </Panel>
    </Page>
  )
}

function NoJobs({ isFiltered }: { readonly isFiltered: boolean }) {
  const navigate = useNavigate()
  if (!isFiltered)
    return <EmptyState title="No jobs yet">Submit one by POST /v1/jobs: the documentation of the API is at /docs.</EmptyState>
  return (
    <EmptyState title="No job fits the filters">
      <Button onClick={() => void navigate({ to: "/jobs", search: ({ tenant }) => (tenant === undefined ? {} : { tenant }) })}>
        Clear the filters
      </Button>
    </EmptyState>
  )
}
