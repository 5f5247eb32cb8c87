import { type Client, createClient } from "@sluice/client"
import { dashboardHeader } from "@sluice/core"
import { createContext, type ReactNode, useContext, useMemo } from "react"
import { useSession } from "./session.ts"

/** The API, for the tenant that is looked at. */
export interface Api {
  readonly client: Client
  readonly tenantId: string
}

const ApiContext = createContext<Api | null>(null)

export function useApi(): Api {
  const api = useContext(ApiContext)
  if (api === null) throw new Error("There is no API here: the component is not below ApiProvider.")
  return api
}

/** Provides the client of the session. `tenant` is what an operator has chosen to look at; undefined is the tenant of the key. */
export function ApiProvider({ tenant, children }: { readonly tenant: string | undefined; readonly children: ReactNode }) {
  const session = useSession()
  const api = useMemo(() => {
    const client = createClient({
      baseUrl: location.origin,
      apiKey: null,
      tenant: tenant === session.tenantId ? undefined : tenant,
      retries: 1,
      fetch: async (input, init) => {
        const headers = new Headers(init?.headers)
        headers.set(dashboardHeader, "1")
        const response = await fetch(input, { ...init, headers })
        if (response.status === 401) session.end()
        return response
      },
    })
    return { client, tenantId: tenant ?? session.tenantId }
  }, [session, tenant])
  return <ApiContext value={api}>{children}</ApiContext>
}
