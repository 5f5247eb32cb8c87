import { parseArgs } from "node:util"
import { type FaultName, faultNames, faults, isFaultName } from "./faults.ts"

export interface ChaosArguments {
  readonly jobs: number
  readonly seed: number
  readonly minutes: number
  readonly faults: readonly FaultName[]
}

export type CommandLine =
  | { readonly kind: "run"; readonly options: ChaosArguments }
  | { readonly kind: "help" }
  | { readonly kind: "mistake"; readonly message: string }

const defaults = { jobs: 10_000, minutes: 8 }

export const help = `npm run chaos -- [--jobs N] [--seed N] [--minutes N] [--faults NAME,NAME]

Starts a Redis, a MongoDB, two APIs, three workers and two simulated providers of its own, submits jobs, and does harm to
all of them meanwhile. Then it checks from outside that every accepted job came to exactly one end. The exit code is 1 when
a job was lost or doubled.

  --jobs N      how many jobs (default ${defaults.jobs})
  --minutes N   how long jobs come and faults strike (default ${defaults.minutes}); the end of the last jobs is waited for as well
  --seed N      what strikes when (default: by chance, and printed)
  --faults ..   only these, separated by commas:

${faultNames.map((name) => `    ${name.padEnd(16)} ${faults[name]}`).join("\n")}
`

/** What the command line asks for. `randomSeed` is used where it names none. */
export function parseCommandLine(args: readonly string[], randomSeed: number): CommandLine {
  try {
    const text = { type: "string" } as const
    const { values } = parseArgs({
      args: [...args],
      options: { jobs: text, seed: text, minutes: text, faults: text, help: { type: "boolean" } },
    })
    if (values.help) return { kind: "help" }
    return {
      kind: "run",
      options: {
        jobs: wholeNumber("jobs", values.jobs ?? String(defaults.jobs), 1),
        seed: wholeNumber("seed", values.seed ?? String(randomSeed), 0),
        minutes: positive("minutes", values.minutes ?? String(defaults.minutes)),
        faults: values.faults === undefined ? faultNames : values.faults.split(",").map(faultNamed),
      },
    }
  } catch (error) {
    return { kind: "mistake", message: error instanceof Error ? error.message : String(error) }
  }
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= min) return value
  throw new Error(`--${name} ${text}: expected a whole number of at least ${min}.`)
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new Error(`--${name} ${text}: expected a number above 0.`)
}

function faultNamed(name: string): FaultName {
  if (isFaultName(name)) return name
  throw new Error(`--faults ${name}: there is no such fault. There is ${faultNames.join(", ")}.`)
}
