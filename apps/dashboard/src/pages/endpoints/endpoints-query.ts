import type { StatsWindow } from "@sluice/core"
import { queryOptions } from "@tanstack/react-query"
import type { Api } from "../../app/api.tsx"
import { refreshEveryMs } from "../../app/query-client.ts"

// What is told by the feed is asked for when it says so; the intervals are for what it does not tell.

export function endpointsQuery({ client, tenantId }: Api) {
  return queryOptions({
    queryKey: [tenantId, "endpoints"],
    queryFn: async ({ signal }) => (await client.endpoints.list({ signal }).page()).data,
    refetchInterval: refreshEveryMs,
  })
}

export function endpointStatsQuery({ client, tenantId }: Api, window: StatsWindow) {
  return queryOptions({
    queryKey: [tenantId, "endpoint-stats", window],
    queryFn: async ({ signal }) => await client.usage.endpointStats({ window }, { signal }),
    refetchInterval: refreshEveryMs,
  })
}

export function queuesQuery({ client, tenantId }: Api) {
  return queryOptions({
    queryKey: [tenantId, "queues"],
    queryFn: async ({ signal }) => (await client.queues.list({ signal }).page()).data,
    refetchInterval: refreshEveryMs,
  })
}

const lookedAt = 100
const shown = 8
const isOperation = /^(?:endpoint|route|queue)\./

/** What operators did of late to what this page shows. */
export function operatorLogQuery({ client, tenantId }: Api, isAllowed: boolean) {
  return queryOptions({
    queryKey: [tenantId, "audit"],
    queryFn: async ({ signal }) => {
      const { data } = await client.audit.list({ limit: lookedAt }, { signal }).page()
      return data.filter(({ action }) => isOperation.test(action)).slice(0, shown)
    },
    enabled: isAllowed,
  })
}
