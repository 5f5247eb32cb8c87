export interface PageCall {
  readonly page: string
  readonly path: string
  /** Left out: GET. */
  readonly body?: object
}

export interface CallTargets {
  readonly jobId: string
  /** In the middle of the list of jobs. */
  readonly cursor: string
  readonly deadLetterId: string
  readonly webhookEndpointId: string
  readonly deliveryId: string
  /** `YYYY-MM-DD` */
  readonly today: string
}

const windows = ["15m", "1h", "6h", "24h", "7d"] as const

/** What the pages of the dashboard ask the API. */
export function pageCalls({ jobId, cursor, deadLetterId, webhookEndpointId, deliveryId, today }: CallTargets): readonly PageCall[] {
  const of = (page: string, ...paths: readonly string[]): PageCall[] => paths.map((path) => ({ page, path }))
  const filter = { kind: "job", errorType: "timeout", route: "chat", endpoint: "sim-a" }
  const hook = `/v1/webhook-endpoints/${webhookEndpointId}`
  return [
    ...of("overview", ...windows.map((window) => `/v1/stats?window=${window}`), "/v1/slo", "/v1/queues", "/v1/dead-letters/summary"),
    ...of("overview", `/v1/usage?from=${today}&to=${today}`),
    ...of("jobs", "/v1/jobs?limit=100", `/v1/jobs?limit=100&cursor=${cursor}`, "/v1/jobs?limit=100&status=failed,expired"),
    ...of("jobs", "/v1/jobs?limit=100&route=chat", "/v1/jobs?limit=100&route=chat&status=queued", "/v1/jobs?limit=100&errorType=timeout"),
    ...of("jobs", "/v1/jobs?limit=100&tier=primary", "/v1/jobs?limit=100&quality=reduced", "/v1/jobs?limit=100&metadata.customer=c7"),
    ...of("job", `/v1/jobs/${jobId}?expand=attempts,runs,deliveries,input`),
    ...of("endpoints", "/v1/endpoints", "/v1/routes", ...windows.map((window) => `/v1/stats/endpoints?window=${window}`)),
    ...of("endpoints", "/v1/audit?limit=100"),
    ...of("dead letters", ...["open", "replaying", "resolved", "discarded"].map((state) => `/v1/dead-letters/groups?state=${state}`)),
    ...of("dead letters", "/v1/dead-letters?limit=50&kind=job&errorType=timeout&route=chat&endpoint=sim-a&state=open"),
    ...of("dead letters", `/v1/dead-letters/${deadLetterId}`, "/v1/replays?limit=10"),
    { page: "dead letters", path: "/v1/dead-letters/replay", body: { filter, dryRun: true } },
    ...of("webhooks", "/v1/webhook-endpoints?limit=200", "/v1/webhook-secret", `${hook}/deliveries?limit=50`),
    ...of("webhooks", `${hook}/deliveries?limit=50&status=failed`, `${hook}/deliveries/${deliveryId}`),
    ...of(
      "usage",
      "/v1/usage?groupBy=day",
      "/v1/usage?groupBy=route",
      "/v1/usage?groupBy=day,model",
      "/v1/usage?groupBy=tenant,route,model",
    ),
  ]
}
