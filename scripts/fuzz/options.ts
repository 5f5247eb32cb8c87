import { parseArgs } from "node:util"

export interface FuzzArguments {
  readonly requests: number
  readonly seed: number
  readonly concurrency: number
}

export type CommandLine =
  | { readonly kind: "run"; readonly options: FuzzArguments }
  | { readonly kind: "help" }
  | { readonly kind: "mistake"; readonly message: string }

const defaults = { requests: 10_000, concurrency: 16 }

export const help = `npm run fuzz -- [--requests N] [--seed N] [--concurrency N]

Starts an API on real services and calls every operation of its own description with requests that are valid, nearly valid,
wild, or no HTTP at all. The exit code is 1 when an answer is 5xx, does not come, or is not what the description says, or when
the memory of the process keeps growing.

  --requests N     how many (default ${defaults.requests})
  --seed N         which ones (default: by chance, and printed)
  --concurrency N  how many at a time (default ${defaults.concurrency})
`

/** What the command line asks for. `randomSeed` is used where it names none. */
export function parseCommandLine(args: readonly string[], randomSeed: number): CommandLine {
  try {
    const text = { type: "string" } as const
    const { values } = parseArgs({ args: [...args], options: { requests: text, seed: text, concurrency: text, help: { type: "boolean" } } })
    if (values.help) return { kind: "help" }
    return {
      kind: "run",
      options: {
        requests: wholeNumber("requests", values.requests ?? String(defaults.requests), 1),
        seed: wholeNumber("seed", values.seed ?? String(randomSeed), 0),
        concurrency: wholeNumber("concurrency", values.concurrency ?? String(defaults.concurrency), 1),
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
