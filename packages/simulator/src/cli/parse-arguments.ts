import { parseArgs } from "node:util"
import { isRecord } from "../answers/json-schema.ts"
import type { SimulatorOptions } from "../server/start-simulator.ts"
import { parsePatch, SettingsError } from "../settings/settings-error.ts"
import { flags } from "./flags.ts"

/** What the command line asks for. */
export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "start"; readonly options: SimulatorOptions }
  | { readonly kind: "mistake"; readonly message: string }

/** The port that the documents name. */
const DEFAULT_PORT = 9100

/** Reads the arguments that follow the script's name. Never throws: a mistake in them is a result. */
export function parseArguments(argv: readonly string[]): CommandLine {
  try {
    const values = readValues(argv)
    return values.help ? { kind: "help" } : { kind: "start", options: toOptions(values.texts) }
  } catch (error) {
    const message = error instanceof SettingsError ? error.problems.join("\n") : String(error instanceof Error ? error.message : error)
    return { kind: "mistake", message }
  }
}

interface Values {
  readonly help: boolean
  readonly texts: ReadonlyMap<string, readonly string[]>
}

function readValues(argv: readonly string[]): Values {
  const texts = Object.fromEntries(Object.keys(flags).map((name) => [name, { type: "string", multiple: true } as const]))
  const { values } = parseArgs({
    args: [...argv],
    options: { ...texts, settings: { type: "string" }, help: { type: "boolean", short: "h" } },
  })
  const given = Object.entries(values).flatMap(([name, value]): [string, string[]][] => {
    if (typeof value === "boolean" || value === undefined) return []
    return [[name, [value].flat().map(String)]]
  })
  return { help: values.help === true, texts: new Map(given) }
}

/** The options in the order in which they win over each other: defaults, --settings, the other flags. */
function toOptions(texts: Values["texts"]): SimulatorOptions {
  const tree: Record<string, unknown> = readSettings(texts.get("settings")?.[0] ?? "{}")
  for (const [name, flag] of Object.entries(flags)) {
    const given = texts.get(name)
    if (given !== undefined) setAt(tree, flag.path, readFlag(name, given))
  }
  const { port = DEFAULT_PORT, host, ...settings } = tree
  return { ...parsePatch(settings), port: Number(port), ...(typeof host === "string" ? { host } : {}) }
}

function readFlag(name: string, given: readonly string[]): unknown {
  try {
    return flags[name]?.read(given)
  } catch (error) {
    throw new Error(`--${name}: ${error instanceof Error ? error.message : error}.`)
  }
}

function readSettings(text: string): Record<string, unknown> {
  try {
    const settings: unknown = JSON.parse(text)
    if (isRecord(settings)) return { ...settings }
  } catch {
    // Said below, in the words of the command line.
  }
  throw new Error(`--settings: expected a JSON object with the keys of POST /__control, got ${text}`)
}

function setAt(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path
  if (key === undefined) return
  if (rest.length === 0) {
    tree[key] = value
    return
  }
  const branch = tree[key]
  const copy: Record<string, unknown> = isRecord(branch) ? { ...branch } : {}
  setAt(copy, rest, value)
  tree[key] = copy
}
