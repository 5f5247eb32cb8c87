import { useEffect, useState } from "react"
import { useApi } from "../app/api.tsx"
import { hear, type LiveJob, nothingHeard } from "./live-job.ts"

export interface LiveJobState {
  readonly live: LiveJob
  /** The stream was lost, and is not tried again by itself. */
  readonly error: Error | null
}

const silent: LiveJobState = { live: nothingHeard, error: null }

/** Follows a job over the API's stream as long as the component is there. Null: follows none. */
export function useLiveJob(jobId: string | null): LiveJobState {
  const { client } = useApi()
  const [state, setState] = useState(silent)
  useEffect(() => {
    setState(silent)
    if (jobId === null) return
    const leaving = new AbortController()
    const follow = async () => {
      for await (const event of client.jobs.stream(jobId, { signal: leaving.signal })) {
        setState(({ live }) => ({ live: hear(live, event, Date.now()), error: null }))
      }
    }
    follow().catch((error: unknown) => {
      if (leaving.signal.aborted) return
      setState(({ live }) => ({ live, error: error instanceof Error ? error : new Error(String(error)) }))
    })
    return () => leaving.abort()
  }, [client, jobId])
  return state
}
