import type { DashboardSessionResource } from "@sluice/core"
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useMemo } from "react"
import { ErrorState, Loading } from "../kit/states.tsx"
import { SignInPage } from "../pages/sign-in/sign-in-page.tsx"
import { can, currentSession, SessionContext, signOut } from "./session.ts"

const sessionKey = ["session"]

/** Shows what is inside to whoever is signed in, at whatever address; others first get the way in. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({ queryKey: sessionKey, queryFn: currentSession, staleTime: Number.POSITIVE_INFINITY })
  const session = useMemo(() => {
    if (!data) return null
    const ofSession = { predicate: ({ queryKey }: { readonly queryKey: readonly unknown[] }) => queryKey[0] !== sessionKey[0] }
    const end = () => {
      queries.removeQueries(ofSession)
      queries.setQueryData(sessionKey, null)
    }
    return {
      ...data,
      can: (scope: Parameters<typeof can>[1]) => can(data, scope),
      end,
      async signOut() {
        // What is still asked, or is to be asked again, would be asked for whoever signs in next.
        await queries.cancelQueries(ofSession)
        await signOut()
        end()
      },
    }
  }, [data, queries])
  if (session) return <SessionContext value={session}>{children}</SessionContext>
  if (error) return <ErrorState error={error} onRetry={refetch} />
  if (data === undefined) return <Loading />
  return <SignInPage onSignedIn={(signedIn: DashboardSessionResource) => queries.setQueryData(sessionKey, signedIn)} />
}
