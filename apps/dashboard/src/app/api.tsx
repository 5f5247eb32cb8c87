import { type Client, createClient } from "@sluice/client"
import { dashboardHeader } from "@sluice/core"
import { createContext, type ReactNode, useContext, useMemo } from "react"
import { useSession } from "./session.ts"

/** The API, for the tenant that is looked at. */
export interface Api {
  readonly client: Client
  readonly tenantId: string
  /** Figures are of all tenants together: an operator has chosen none. */
  readonly isForAll: boolean
  /** Bytes that the API serves under a path of its own, such as an image. Throws when they cannot be had. */
  loadBlob(path: string, signal: AbortSignal): Promise<Blob>
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
    const fetchAsSession: typeof fetch = async (input, init) => {
      const headers = new Headers(init?.headers)
      headers.set(dashboardHeader, "1")
      const response = await fetch(input, { ...init, headers })
      if (response.status === 401) session.end()
      return response
    }
    return {
      client: createClient({ baseUrl: location.origin, apiKey: null, tenant, retries: 1, fetch: fetchAsSession }),
      tenantId: tenant ?? session.tenantId,
      isForAll: tenant === undefined && session.can("tenants:admin"),
      async loadBlob(path: string, signal: AbortSignal) {
        const response = await fetchAsSession(path, { signal, headers: tenant === undefined ? {} : { "x-sluice-tenant": tenant } })
        if (!response.ok) throw new Error(`${path} was answered with ${response.status}.`)
        return await response.blob()
      },
    }
  }, [session, tenant])
  return <ApiContext value={api}>{children}</ApiContext>
}
