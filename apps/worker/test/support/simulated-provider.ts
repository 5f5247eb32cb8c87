import { type Simulator, type SimulatorOptions, startSimulator } from "@sluice/simulator"
import { onTestFinished } from "vitest"

export interface SimulatedProvider {
  readonly simulator: Simulator
  /** An endpoint of the configuration that asks it. */
  readonly endpoint: object
  /** Changes it while it runs, as an operator of the simulator would. */
  control(patch: object): Promise<void>
}

/** The environment variable that holds the key of simulated providers, which take any. */
export const providerKey = "TEST_PROVIDER_KEY"

/** A breaker that opens at the third failure, and tries again soon. */
const breaker = { thinFailures: 3, openMs: 500, maxOpenMs: 1_000, probes: 1 }

/** A simulated provider in this process. It is stopped when the test has finished. */
export async function startProvider(options: SimulatorOptions = {}): Promise<SimulatedProvider> {
  const simulator = await startSimulator(options)
  onTestFinished(() => simulator.stop())
  return {
    simulator,
    endpoint: { provider: "openai", baseUrl: `${simulator.url}/v1`, model: "gpt-4o-mini", apiKey: `env:${providerKey}`, breaker },
    async control(patch) {
      const answer = await fetch(`${simulator.url}/__control`, { method: "POST", body: JSON.stringify(patch) })
      if (!answer.ok) throw new Error(`The simulator refused ${JSON.stringify(patch)}: ${await answer.text()}`)
    },
  }
}
