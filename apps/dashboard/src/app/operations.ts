import type { OperationsEvent } from "@sluice/core"
import { useQueryClient } from "@tanstack/react-query"
import { useEffect, useSyncExternalStore } from "react"
import { useSession } from "./session.ts"

const path = "/v1/events"
const listeners = new Set<() => void>()
let source: EventSource | null = null
let latest: OperationsEvent | null = null

/**
 * How breakers, routes and queues are, as the API tells it: one stream for all that is on the page, none while nobody looks at it.
 * Null without the scope, and until the first word. When an operator or a breaker has changed something, the lists are asked for anew.
 */
export function useOperations(): OperationsEvent | null {
  const isAllowed = useSession().can("operate:read")
  const event = useSyncExternalStore(isAllowed ? subscribe : nothing, () => latest)
  const queries = useQueryClient()
  const words = event === null ? null : wordsOf(event)
  useEffect(() => {
    if (words === null) return
    const topics: ReadonlySet<unknown> = new Set(["endpoints", "routes", "queues", "audit"])
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.some((part) => topics.has(part)) })
  }, [words, queries])
  return event
}

/** What is told seldom, as opposed to calls in flight and lengths of queues. */
export function wordsOf({ endpoints, routes, queues }: Pick<OperationsEvent, "endpoints" | "routes" | "queues">): string {
  return JSON.stringify([
    endpoints.map(({ inFlight: _inFlight, ...rest }) => rest),
    routes,
    queues.map(({ name, isPaused }) => [name, isPaused]),
  ])
}

function nothing(): () => void {
  return () => undefined
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) document.addEventListener("visibilitychange", openOrClose)
  listeners.add(listener)
  openOrClose()
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    document.removeEventListener("visibilitychange", openOrClose)
    openOrClose()
  }
}

/** A browser has few connections for each host, so a page that is not seen holds none. */
function openOrClose(): void {
  const isWanted = listeners.size > 0 && document.visibilityState === "visible"
  if (isWanted === (source !== null)) return
  source?.close()
  source = isWanted ? new EventSource(path) : null
  latest = null
  source?.addEventListener("operations.changed", ({ data }) => {
    latest = JSON.parse(data)
    for (const listener of listeners) listener()
  })
}
