import type { Admission } from "@sluice/core"

/** Lets every call begin at once, to an endpoint of the pool by chance, and remembers nothing. */
export function createUnlimitedAdmission(random: () => number): Admission {
  return {
    admit({ endpoints }) {
      const lowest = Math.min(...endpoints.map(({ priority }) => priority))
      const preferred = endpoints.filter(({ priority }) => priority === lowest)
      const { name = "" } = preferred[Math.floor(random() * preferred.length)] ?? {}
      return Promise.resolve({ kind: "admitted", endpoint: name, startInMs: 0, generation: "0", isProbe: false })
    },
    settle: () => Promise.resolve({ applied: true, healthy: true, breaker: "closed", changed: false }),
    release: () => Promise.resolve(),
    renew: () => Promise.resolve(),
    state: () => Promise.resolve([]),
    force: () => Promise.resolve(),
    pauseRoute: () => Promise.resolve(),
    pausedRoutes: () => Promise.resolve(new Map()),
  }
}
