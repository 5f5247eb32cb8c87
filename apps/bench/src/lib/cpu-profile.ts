import { globSync, readFileSync, rmSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { z } from "zod"

const folder = fileURLToPath(new URL("../../results/profiles", import.meta.url))
const intervalUs = 500

const cpuProfile = z.object({
  nodes: z.array(z.object({ id: z.int(), callFrame: z.object({ functionName: z.string(), url: z.string() }) })),
  samples: z.array(z.int()),
  timeDeltas: z.array(z.number()),
})

export interface Share {
  /** A package, a part of Node, or what the engine does beside running code. */
  readonly where: string
  /** Of the time in which the process did anything, 0 to 1, without what it called elsewhere. */
  readonly share: number
}

/** The environment under which a process of Node leaves a profile of all its time when it ends. */
export function profilingEnvironment(): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder} --cpu-prof-interval=${intervalUs}` }
}

export function clearProfiles(): void {
  rmSync(folder, { recursive: true, force: true })
}

/** What a process that has ended left. Its file can be opened as a flame graph in the developer tools of a browser. */
export function readProfile(pid: number): { readonly file: string; readonly shares: readonly Share[] } {
  const [file] = globSync(`${folder}/*.${pid}.*.cpuprofile`)
  if (file === undefined) throw new Error(`Process ${pid} left no profile in ${folder}.`)
  return { file, shares: sharesOf(JSON.parse(readFileSync(file, "utf8"))) }
}

/** Largest first. */
export function sharesOf(profile: unknown): readonly Share[] {
  const { nodes, samples, timeDeltas } = cpuProfile.parse(profile)
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]))
  const times = new Map<string, number>()
  let total = 0
  for (const [index, node] of samples.entries()) {
    const where = places.get(node) ?? "(unknown)"
    const timeUs = timeDeltas[index] ?? 0
    if (where === "(idle)") continue
    times.set(where, (times.get(where) ?? 0) + timeUs)
    total += timeUs
  }
  const shares = [...times].map(([where, time]) => ({ where, share: time / total }))
  return shares.sort((a, b) => b.share - a.share)
}

function placeOf({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  if (installed !== undefined) return installed
  const own = /\/((?:packages|apps)\/[^/]+)\/src\//.exec(url)?.[1]
  if (own !== undefined) return own
  if (url.startsWith("node:")) return "node"
  return functionName.startsWith("(") ? functionName : "native"
}
