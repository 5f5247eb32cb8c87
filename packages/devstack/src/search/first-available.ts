import { type FailedAttempt, ServicesUnavailableError } from "./services-unavailable-error.ts"

/** A server that was found or started. */
export interface FoundService {
  url: string
  stop(): Promise<void>
}

export interface Found {
  service: FoundService
  /** What it is and where, to be said: "redis-server of the PATH, on port 6379". */
  description: string
}

/** One way to get a service. */
export interface Candidate {
  /** "Docker" */
  name: string
  /** Resolves with the service, or with why this way is not open. Rejects when the search must end here. */
  open(): Promise<Found | { unavailable: string }>
}

export interface SearchOptions {
  /** "Redis" */
  service: string
  candidates: readonly Candidate[]
  /** The last sentence of the error when nothing serves: what a person can do. */
  remedy: string
  report: (line: string) => void
}

/**
 * Tries the candidates in order, takes the first that serves, and says which and why not the earlier ones.
 * @throws ServicesUnavailableError with all reasons when none serves.
 */
export async function firstAvailable({ service, candidates, remedy, report }: SearchOptions): Promise<FoundService> {
  const attempts: FailedAttempt[] = []
  for (const candidate of candidates) {
    const outcome = await candidate.open()
    if (!("unavailable" in outcome)) {
      report(`${service}: ${outcome.description}${because(attempts)}`)
      return outcome.service
    }
    attempts.push({ what: candidate.name, why: outcome.unavailable })
  }
  throw new ServicesUnavailableError(service, attempts, remedy)
}

function because(attempts: readonly FailedAttempt[]): string {
  return attempts.length === 0 ? "" : ` (${attempts.map(({ what, why }) => `${what}: ${why.split("\n")[0]}`).join("; ")})`
}
