import type { ServiceProcess } from "../processes/service-process.ts"
import type { Candidate } from "./first-available.ts"

export interface ProcessCandidateOptions {
  name: string
  /** Why this way is not open; `undefined` when it is. */
  obstacle: () => Promise<string | undefined>
  start: () => Promise<ServiceProcess>
  /** Without the address. */
  description: string
  signal?: AbortSignal | undefined
}

/** A server that is started as a process of this machine. One that does not come up is a reason to try the next way. */
export function processCandidate({ name, obstacle, start, description, signal }: ProcessCandidateOptions): Candidate {
  return {
    name,
    async open() {
      const unavailable = await obstacle()
      if (unavailable !== undefined) return { unavailable }
      try {
        const service = await start()
        return { service, description: `${description}, ${service.url}` }
      } catch (error) {
        signal?.throwIfAborted()
        return { unavailable: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}
