import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import type { Api } from "../../app/api.tsx"
import { refreshEveryMs } from "../../app/query-client.ts"
import type { DeliveryStatus } from "./webhooks-search.ts"

const mostEndpoints = 200

export function webhookEndpointsQuery({ client, tenantId }: Api) {
  return queryOptions({
    queryKey: [tenantId, "webhooks", "endpoints"],
    queryFn: async ({ signal }) => (await client.webhooks.list({ limit: mostEndpoints }, { signal }).page()).data,
    refetchInterval: refreshEveryMs,
  })
}

export function defaultSecretQuery({ client, tenantId }: Api) {
  return queryOptions({
    queryKey: [tenantId, "webhooks", "default-secret"],
    queryFn: ({ signal }) => client.webhooks.defaultSecret({ signal }),
  })
}

const pageSize = 50
const firstPage: string | undefined = undefined
const pendingEveryMs = 2_000

/** Newest first; more often while one on the first page is on its way. */
export function deliveriesQuery({ client, tenantId }: Api, id: string, status: DeliveryStatus | undefined) {
  return infiniteQueryOptions({
    queryKey: [tenantId, "webhooks", "deliveries", id, status],
    queryFn: ({ pageParam, signal }) => client.webhooks.deliveries(id, { status, limit: pageSize, cursor: pageParam }, { signal }).page(),
    initialPageParam: firstPage,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval({ state: { data } }) {
      if ((data?.pages.length ?? 0) > 1) return false
      return data?.pages[0]?.data.some((delivery) => delivery.status === "pending") ? pendingEveryMs : refreshEveryMs
    },
  })
}

export function deliveryQuery({ client, tenantId }: Api, id: string, deliveryId: string) {
  return queryOptions({
    queryKey: [tenantId, "webhooks", "delivery", deliveryId],
    queryFn: ({ signal }) => client.webhooks.getDelivery(id, deliveryId, { signal }),
    refetchInterval: ({ state: { data } }) => (data?.status === "pending" ? pendingEveryMs : false),
  })
}
