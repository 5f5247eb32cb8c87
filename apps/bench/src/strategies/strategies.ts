import type { Services } from "@sluice/devstack"
import type { Simulator } from "@sluice/simulator"
import { naiveRoad } from "../faults/roads.ts"
import { startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"

/** What is switched on: settings of the endpoint and the route. */
interface Settings {
  readonly endpoint: object
  readonly route: object
}

export interface Strategy {
  readonly title: string
  /** Null: no Sluice at all. */
  readonly settings: Settings | null
}

const off = { endpoint: { breaker: "off", limits: "off" }, route: { retry: "off" } }
const limits = { requestsPerMinute: 1_200 }

export const strategies: readonly Strategy[] = [
  { title: "basic handling: one call, errors shown", settings: null },
  { title: "queue alone", settings: off },
  { title: "queue + retry", settings: { ...off, route: {} } },
  { title: "queue + breaker", settings: { ...off, endpoint: { limits: "off" } } },
  { title: "queue + rate limiting", settings: { ...off, endpoint: { breaker: "off", limits } } },
  { title: "all of them", settings: { endpoint: { limits }, route: {} } },
]

/** What became of a call, on the clock of this machine. */
export interface Outcome {
  readonly isGood: boolean
  readonly atMs: number
  readonly endMs: number
}

export interface Caller {
  call(prompt: string): Promise<Outcome>
  /** Waits for the ends of all, also of those that only were accepted. */
  settle(calls: readonly Promise<Outcome>[]): Promise<readonly Outcome[]>
  stop(): Promise<void>
}

const timeoutMs = 2_000
const expiresInMs = 300_000

export function directCaller({ url }: Simulator): Caller {
  const road = naiveRoad({ providerUrls: [url], timeoutMs })
  return {
    async call(prompt) {
      const atMs = Date.now()
      const isGood = await road.call(prompt).then(
        () => true,
        () => false,
      )
      return { isGood, atMs, endMs: Date.now() }
    },
    settle: (calls) => Promise.all(calls),
    stop: () => road.close(),
  }
}

export interface Place {
  readonly services: Services
  readonly name: string
  readonly simulator: Simulator
  readonly inherited: Readonly<Record<string, string | undefined>>
}

/** Submits jobs; that one was accepted is not its end. */
export async function sluiceCaller({ services, name, simulator, inherited }: Place, { endpoint, route }: Settings): Promise<Caller> {
  const configuration = {
    endpoints: { sim: simulatedEndpoint(simulator, { timeoutMs, ...endpoint }) },
    routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }], ...route } },
  }
  const installation = await startInstallation({ services, name, configuration, inherited })
  return {
    async call(prompt) {
      const atMs = Date.now()
      await installation.submit(chatJob(prompt, { fallback: "none", expiresInMs }))
      return { isGood: true, atMs, endMs: atMs }
    },
    async settle(calls) {
      await Promise.all(calls)
      await installation.untilDone()
      return (await installation.jobs()).map(({ status, createdAt, finishedAt }) => ({
        isGood: status === "succeeded",
        atMs: Date.parse(createdAt),
        endMs: Date.parse(finishedAt ?? ""),
      }))
    },
    stop: () => installation.stop(),
  }
}
