import { queryOptions } from "@tanstack/react-query"
import type { Api } from "./api.tsx"
import type { Session } from "./session.ts"

/** The names of the routes, for who may see them. They change with the configuration only. */
export function routeNamesQuery({ client }: Api, session: Session) {
  return queryOptions({
    queryKey: ["route-names"],
    queryFn: async ({ signal }) => (await client.routes.list({ signal }).page()).data.map(({ name }) => name),
    enabled: session.can("operate:read"),
    staleTime: 60_000,
  })
}
