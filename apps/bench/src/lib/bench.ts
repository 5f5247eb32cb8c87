import { fileURLToPath } from "node:url"
import { type Services, startServices } from "@sluice/devstack"

/** What every measurement is given. */
export interface BenchOptions {
  /** How many jobs; null: as many as the measurement was made for. */
  readonly jobs: number | null
  /** How long a measurement lasts that goes by time; null: as above. */
  readonly minutes: number | null
  /** Of all that is random in the simulated providers. */
  readonly seed: number
  /** Shows in seconds that it runs, on settings too small to measure anything. */
  readonly isShort: boolean
  /** Has the processes leave profiles of their time, where the measurement knows how. */
  readonly isProfiled?: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface Workshop {
  readonly services: Services
  /** Of a namespace in Redis and a database that nothing else uses. */
  readonly name: string
  say(line: string): void
}

/** Of Redis and MongoDB as they are started for development. */
export const dataFolder = fileURLToPath(new URL("../../../../.data", import.meta.url))

/** Has the measurement made on Redis and MongoDB as they are found or started for development, and stops what was started. */
export async function onServices<T>({ environment }: BenchOptions, measure: (workshop: Workshop) => Promise<T>): Promise<T> {
  const say = (line: string) => void process.stderr.write(`${line}\n`)
  const services = await startServices({ dataFolder, environment, mayInstall: () => true, report: say })
  try {
    return await measure({ services, name: `bench${Date.now().toString(36)}`, say })
  } finally {
    await services.stop()
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
