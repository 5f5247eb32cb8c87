import { describe, expect, test } from "vitest"
import { type Candidate, firstAvailable } from "./first-available.ts"
import { ServicesUnavailableError } from "./services-unavailable-error.ts"

const service = { url: "redis://127.0.0.1:1", stop: () => Promise.resolve() }

function candidate(name: string, outcome: string | "serves", opened: string[] = []): Candidate {
  return {
    name,
    open: async () => {
      opened.push(name)
      return outcome === "serves" ? { service, description: `${name} of the test` } : { unavailable: outcome }
    },
  }
}

function search(candidates: readonly Candidate[], lines: string[] = []) {
  return firstAvailable({ service: "Redis", candidates, remedy: "Install one.", report: (line) => lines.push(line) })
}

describe("firstAvailable", () => {
  test("takes the first that serves, asks none after it, and says why not the earlier ones", async () => {
    const opened: string[] = []
    const lines: string[] = []
    const found = await search(
      [candidate("docker", "no engine\nat all", opened), candidate("path", "serves", opened), candidate("apt", "serves", opened)],
      lines,
    )
    expect(found).toBe(service)
    expect(opened).toEqual(["docker", "path"])
    expect(lines).toEqual(["Redis: path of the test (docker: no engine)"])
  })

  test("lists everything that was tried when nothing serves, and what to do", async () => {
    const error = await search([candidate("docker", "no engine"), candidate("apt", "it failed:\nno disk")]).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ServicesUnavailableError)
    expect(error).toMatchObject({
      message: "No Redis could be found or started. Tried:\n  - docker: no engine\n  - apt: it failed:\n    no disk\nInstall one.",
      attempts: [
        { what: "docker", why: "no engine" },
        { what: "apt", why: "it failed:\nno disk" },
      ],
    })
  })
})
