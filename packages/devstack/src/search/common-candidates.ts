import type { ServiceProcess } from "../processes/service-process.ts"
import type { Candidate } from "./first-available.ts"

/** A server that the environment names. One that does not answer ends the search: another one would surprise. */
export function namedCandidate(
  variable: string,
  url: string | undefined,
  problemOf: (url: string) => Promise<string | undefined>,
): Candidate {
  return {
    name: variable,
    async open() {
      if (url === undefined || url === "") return { unavailable: "not set" }
      const problem = await problemOf(url)
      if (problem !== undefined)
        throw new Error(
          `${variable} is set to ${withoutPassword(url)}, but that does not answer: ${problem}. Start that server, or unset ${variable}.`,
        )
      return { service: { url, stop: () => Promise.resolve() }, description: `using ${variable}, ${withoutPassword(url)}` }
    },
  }
}

/** A server of this checkout that another command started, or that a crashed one left. */
export function runningCandidate(join: () => Promise<ServiceProcess | undefined>): Candidate {
  return {
    name: "already running here",
    async open() {
      const service = await join()
      if (!service) return { unavailable: "no" }
      const fate = service.isShared
        ? "it stays up while another command uses it"
        : "whoever started it is gone, so it stops with this command"
      return { service, description: `the one that already runs for this checkout, ${service.url}, process ${service.pid}; ${fate}` }
    },
  }
}

function withoutPassword(url: string): string {
  return url.replace(/:\/\/[^@/]*@/, "://***@")
}
