import { type ReceivedRequest, type SettingsPatch, startSimulator } from "@sluice/simulator"
import { type BenchOptions, pause, type Workshop } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { type AdmissionCount, countAdmissions } from "../lib/count-admissions.ts"
import { cpuTimeMs } from "../lib/figures.ts"
import { type Installation, startInstallation } from "../lib/installation.ts"
import { simulatedEndpoint } from "../lib/simulated-endpoint.ts"

export interface LimitScenario {
  /** Short, for names. */
  readonly id: string
  readonly title: string
  readonly workers: number
  /** What the provider enforces: in steady flow, with a burst of one second unless it says otherwise. */
  readonly enforced: NonNullable<SettingsPatch["limits"]>
  /** What `sluice.yaml` says. */
  readonly configured: { readonly requestsPerMinute?: number; readonly tokensPerMinute?: number }
  /** One after the other. */
  readonly inputs: readonly { readonly words: number; readonly maxOutputTokens?: number }[]
}

export interface LimitOutcome {
  readonly calls: readonly ReceivedRequest[]
  readonly seconds: number
  readonly admissions: AdmissionCount
  readonly workerCpuMs: number
  readonly jobs: Awaited<ReturnType<Installation["jobs"]>>
}

const submitters = 32
const latency = { baseMs: 200, jitterMs: 100 }
const settlingMs = 1_500

/** Submits everything at once and has it worked off under the limit. */
export async function runScenario(workshop: Workshop, { environment }: BenchOptions, scenario: LimitScenario): Promise<LimitOutcome> {
  const { services, name, say } = workshop
  const { id, title, workers, enforced, configured, inputs } = scenario
  const simulator = await startSimulator({
    profile: "healthy",
    latency,
    limits: { burstMs: 1_000, ...enforced },
    answers: { style: "echo" },
    log: { capacity: inputs.length * 4 },
  })
  const namespace = `${name}-${id}`
  const installation = await startInstallation({
    services,
    name: namespace,
    configuration: {
      endpoints: { sim: simulatedEndpoint(simulator, { limits: configured }) },
      routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
    },
    workers,
    inherited: environment,
  })
  try {
    // What a process spends on starting is none of the waiting.
    await pause(settlingMs)
    const counting = await countAdmissions(services.redisUrl, namespace)
    const cpuBefore = cpuOf(installation)
    const startedAt = performance.now()
    await concurrently(inputs.length, submitters, async (index) => {
      const { words = 1, maxOutputTokens } = inputs[index] ?? {}
      const content = `${index} ${"word ".repeat(words)}`
      await installation.submit({
        route: "chat",
        input: { messages: [{ role: "user", content }], ...(maxOutputTokens && { maxOutputTokens }) },
      })
    })
    say(`${title}: ${inputs.length} jobs submitted`)
    await installation.untilDone()
    const seconds = (performance.now() - startedAt) / 1_000
    const workerCpuMs = cpuOf(installation) - cpuBefore
    return { calls: simulator.requests(), seconds, admissions: counting.stop(), workerCpuMs, jobs: await installation.jobs() }
  } finally {
    await installation.stop()
    await simulator.stop()
  }
}

function cpuOf({ workers }: Installation): number {
  return workers.reduce((sum, { pid }) => sum + cpuTimeMs(pid), 0)
}
