import { queryOptions } from "@tanstack/react-query"
import type { Api } from "../../app/api.tsx"

const expand = ["attempts", "waits", "deliveries", "input", "runs"] as const

/** A job with all that is known of it. While it lives its stream tells what changes; deliveries go on after its end. */
export function jobQuery({ client, tenantId }: Api, jobId: string) {
  return queryOptions({
    queryKey: [tenantId, "job", jobId],
    queryFn: ({ signal }) => client.jobs.get(jobId, { expand, signal }),
    refetchInterval: ({ state: { data } }) => (data?.deliveries?.some(({ status }) => status === "pending") ? deliveriesEveryMs : false),
  })
}

const deliveriesEveryMs = 5_000
