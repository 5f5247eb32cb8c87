import { queryOptions } from "@tanstack/react-query"
import type { Api } from "./api.tsx"
import type { Session } from "./session.ts"

/** The routes, for who may see them. Which there are changes with the configuration only. */
export function routesQuery({ client }: Api, session: Session) {
  return queryOptions({
    queryKey: ["routes"],
    queryFn: async ({ signal }) => (await client.routes.list({ signal }).page()).data,
    enabled: session.can("operate:read"),
    staleTime: 60_000,
  })
}
