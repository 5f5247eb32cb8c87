import {
  type CreateDashboardSessionRequest,
  type DashboardSessionResource,
  dashboardHeader,
  dashboardSessionPath,
  holdsScope,
  type ProblemDocument,
  type Scope,
} from "@sluice/core"
import { createContext, useContext } from "react"

export interface Session extends DashboardSessionResource {
  /** Whether whoever is signed in may do something. What one may not is not shown. */
  can(scope: Scope): boolean
  signOut(): Promise<void>
  /** The API takes the session no longer: shows the way to sign in again. */
  end(): void
}

export const SessionContext = createContext<Session | null>(null)

/** Only below `SessionGate`. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error("Nobody is signed in.")
  return session
}

export function can({ scopes }: Pick<DashboardSessionResource, "scopes">, scope: Scope): boolean {
  return holdsScope(scopes, scope)
}

/** Null: nobody is signed in. Throws when the API does not say. */
export async function currentSession(): Promise<DashboardSessionResource | null> {
  const response = await fetch(dashboardSessionPath, { headers: { accept: "application/json" } })
  // 401: there is a session, but its key has been revoked.
  if (response.status === 204 || response.status === 401) return null
  return await answerOf(response)
}

/** Throws with what the API says when it does not take the key. */
export async function signIn(key: string): Promise<DashboardSessionResource> {
  const body: CreateDashboardSessionRequest = { key }
  const response = await fetch(dashboardSessionPath, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json", [dashboardHeader]: "1" },
    body: JSON.stringify(body),
  })
  return await answerOf(response)
}

export async function signOut(): Promise<void> {
  await fetch(dashboardSessionPath, { method: "DELETE", headers: { [dashboardHeader]: "1" } })
}

async function answerOf(response: Response): Promise<DashboardSessionResource> {
  if (response.ok) {
    const session: DashboardSessionResource = await response.json()
    return session
  }
  const problem: Partial<ProblemDocument> = await response.json().catch(() => ({}))
  throw new Error(problem.detail ?? `The API answered with ${response.status}.`)
}
