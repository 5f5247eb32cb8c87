import type { DeadLetterState, ReplayOverrides } from "@sluice/core"
import { noEndpoint } from "@sluice/core"
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query"
import type { Api } from "../../app/api.tsx"
import { refreshEveryMs } from "../../app/query-client.ts"
import type { Group } from "./dead-letters-search.ts"

const whileReplayingMs = 3_000

/** `isBusy`: a replay is under way, so what is shown changes. */
export function groupsQuery({ client, tenantId }: Api, { state, isBusy }: { readonly state: DeadLetterState; readonly isBusy: boolean }) {
  return queryOptions({
    queryKey: [tenantId, "dead-letters", "groups", state],
    queryFn: ({ signal }) => client.deadLetters.groups({ state }, { signal }),
    refetchInterval: isBusy ? whileReplayingMs : refreshEveryMs,
  })
}

const pageSize = 50
const firstPage: string | undefined = undefined

/** Those of a group, newest first. */
export function lettersQuery({ client, tenantId }: Api, group: Group, state: DeadLetterState) {
  const { kind, errorType, route, endpoint } = group
  const filters = { kind, errorType, route: route ?? undefined, endpoint: endpoint ?? noEndpoint, state, limit: pageSize }
  return infiniteQueryOptions({
    queryKey: [tenantId, "dead-letters", "of-group", filters],
    queryFn: ({ pageParam, signal }) => client.deadLetters.list({ ...filters, cursor: pageParam }, { signal }).page(),
    initialPageParam: firstPage,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: ({ state: { data } }) => ((data?.pages.length ?? 0) > 1 ? false : refreshEveryMs),
  })
}

export function letterQuery({ client, tenantId }: Api, id: string) {
  return queryOptions({
    queryKey: [tenantId, "dead-letters", "one", id],
    queryFn: ({ signal }) => client.deadLetters.get(id, { signal }),
  })
}

/** The runs of a job with the calls that each made. */
export function runsQuery({ client, tenantId }: Api, jobId: string) {
  return queryOptions({
    queryKey: [tenantId, "dead-letters", "runs", jobId],
    queryFn: ({ signal }) => client.jobs.get(jobId, { expand: ["runs", "attempts"], signal }),
    refetchInterval: ({ state: { data } }) => (data && data.finishedAt === null ? progressEveryMs : false),
  })
}

/** How many a replay would take up, and whether what it overrides is possible. Changes nothing. */
export function dryRunQuery({ client, tenantId }: Api, { filter }: Group, overrides: ReplayOverrides | undefined) {
  return queryOptions({
    queryKey: [tenantId, "dead-letters", "dry-run", filter, overrides],
    queryFn: ({ signal }) => client.deadLetters.replay({ filter, dryRun: true, ...(overrides && { overrides }) }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  })
}

const progressEveryMs = 1_000
const shownReplays = 10

/** The last replays; while one is under way each second. */
export function replaysQuery({ client, tenantId }: Api) {
  return queryOptions({
    queryKey: [tenantId, "replays"],
    queryFn: async ({ signal }) => (await client.replays.list({ limit: shownReplays }, { signal }).page()).data,
    refetchInterval: ({ state: { data } }) => (data?.some(({ status }) => status === "running") ? progressEveryMs : refreshEveryMs),
  })
}
