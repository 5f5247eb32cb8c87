import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import type { Api } from "../../app/api.tsx"
import { refreshEveryMs } from "../../app/query-client.ts"
import type { Session } from "../../app/session.ts"
import { type OverviewSearch, windowOf } from "./overview-search.ts"

interface Asked {
  readonly api: Api
  readonly session: Session
  readonly search: OverviewSearch
}

const scopeOf = ({ tenantId, isForAll }: Api) => (isForAll ? "all tenants" : tenantId)

export function statsQuery({ api, search }: Asked) {
  const window = windowOf(search)
  const { route } = search
  return queryOptions({
    queryKey: [scopeOf(api), "stats", window, route],
    queryFn: ({ signal }) => api.client.usage.stats({ window, route }, { signal }),
    refetchInterval: refreshEveryMs,
    placeholderData: keepPreviousData,
  })
}

/** Since midnight UTC, as budgets count. */
export function costTodayQuery({ api, search: { route } }: Asked) {
  const today = new Date().toISOString().slice(0, "2026-11-29".length)
  return queryOptions({
    queryKey: [scopeOf(api), "cost", today, route],
    queryFn: async ({ signal }) => (await api.client.usage.report({ from: today, to: today, route }, { signal })).total.costUsd,
    refetchInterval: refreshEveryMs,
  })
}

/** Those that are open, of the tenant. */
export function openDeadLettersQuery({ api, session, search: { route } }: Asked) {
  return queryOptions({
    queryKey: [api.tenantId, "dead-letters", "open", route],
    queryFn: async ({ signal }) => {
      const { data } = await api.client.deadLetters.summary({ by: "errorType", route }, { signal })
      return data.reduce((sum, { count }) => sum + count, 0)
    },
    enabled: session.can("dead-letters:read"),
    refetchInterval: refreshEveryMs,
  })
}

export function queuesQuery({ api, session }: Pick<Asked, "api" | "session">) {
  return queryOptions({
    queryKey: ["queues"],
    queryFn: async ({ signal }) => (await api.client.queues.list({ signal }).page()).data,
    enabled: session.can("operate:read"),
    refetchInterval: refreshEveryMs,
  })
}

/** Of the last day. */
export function budgetQuery({ api, search: { route } }: Asked) {
  return queryOptions({
    queryKey: [scopeOf(api), "slo", route],
    queryFn: async ({ signal }) => (await api.client.usage.objectives({ window: "1d", route }, { signal })).data[0] ?? null,
    refetchInterval: refreshEveryMs,
  })
}
