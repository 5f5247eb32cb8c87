import { readFileSync } from "node:fs"
import { type AppProcess, freePort } from "@sluice/devstack"
import { startSimulator } from "@sluice/simulator"
import { type BenchOptions, onServices, pause, type Workshop } from "../lib/bench.ts"
import { table } from "../lib/figures.ts"
import { type Installation, startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"
import { type Line, lineThrough } from "./line-through.ts"

const defaultMinutes = 60
const jobsPerSecond = 20
/** While a process warms up its memory grows, as it must: so much of the time is left out of the line. */
const warmUpShare = 0.2

interface Sample {
  readonly atMs: number
  readonly heapMiB: number
  readonly rssMiB: number
}

interface Watched {
  readonly process: string
  readonly pid: number
  readonly metrics: () => Promise<string>
  readonly samples: Sample[]
}

/** Steady load through the fault mix for an hour: what memory the processes hold, and how fast that grows once they are warm. */
export async function measureSoak(options: BenchOptions): Promise<void> {
  const lastsMs = options.isShort ? 2_500 : (options.minutes ?? defaultMinutes) * 60_000
  const { watched, submitted, unfinished } = await onServices(options, (workshop) => soak(workshop, options, lastsMs))
  const rows = watched.map(({ process, samples }) => ({
    process,
    heap: growth(samples, "heapMiB"),
    rss: growth(samples, "rssMiB"),
    samples,
  }))
  writeResults("soak", options, { settings: { lastsMs, jobsPerSecond, warmUpShare, profile: "fault-mix" }, submitted, unfinished, rows })
  const lines = rows.map(({ process, heap, rss }) => [
    process,
    ...[heap, rss].flatMap(({ from, to, line }) => [from.toFixed(0), to.toFixed(0), line.slope.toFixed(1), line.r2.toFixed(2)]),
  ])
  const heading = ["", "heap MiB from", "to", "MiB/h", "r2", "RSS MiB from", "to", "MiB/h", "r2"]
  process.stdout.write(`\n${table([heading, ...lines])}\n${submitted} jobs submitted, ${unfinished} without an end\n`)
}

async function soak({ services, name, say }: Workshop, { environment, seed }: BenchOptions, lastsMs: number) {
  const simulator = await startSimulator({ profile: "fault-mix", seed, latency: { baseMs: 50, jitterMs: 50 } })
  const metricsPort = await freePort()
  const installation = await startInstallation({
    services,
    name,
    configuration: {
      endpoints: { sim: simulatedEndpoint(simulator, { timeoutMs: 2_000 }) },
      routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
    },
    metricsPort,
    inherited: environment,
  })
  try {
    const watched = [
      watch("API", installation.api, { url: `${installation.url}/metrics`, headers: installation.headersOf("default") }),
      ...installation.workers.map((worker) => watch("worker", worker, { url: `http://127.0.0.1:${metricsPort}/metrics`, headers: {} })),
    ]
    const submitted = await loadFor(lastsMs, { installation, watched, say })
    await installation.untilDone()
    const ended = (await installation.jobs()).filter(({ finishedAt }) => finishedAt !== null)
    return { watched, submitted, unfinished: submitted - ended.length }
  } finally {
    await installation.stop()
    await simulator.stop()
  }
}

function watch(
  process: string,
  { pid }: AppProcess,
  { url, headers }: { readonly url: string; readonly headers: Record<string, string> },
): Watched {
  return { process, pid, metrics: async () => (await fetch(url, { headers })).text(), samples: [] }
}

interface Load {
  readonly installation: Installation
  readonly watched: readonly Watched[]
  readonly say: (line: string) => void
}

async function loadFor(lastsMs: number, { installation, watched, say }: Load): Promise<number> {
  const startedAt = performance.now()
  const sampleEveryMs = Math.max(500, lastsMs / 300)
  let nextSampleMs = 0
  let submitted = 0
  for (let elapsedMs = 0; elapsedMs < lastsMs; elapsedMs = performance.now() - startedAt) {
    const due = Math.floor((elapsedMs / 1_000) * jobsPerSecond)
    await Promise.all(Array.from({ length: due - submitted }, (_, index) => installation.submit(chatJob(`Soak ${submitted + index}`))))
    submitted = due
    if (elapsedMs >= nextSampleMs) {
      await Promise.all(watched.map(takeSample))
      nextSampleMs += sampleEveryMs
      if (watched[0] && watched[0].samples.length % 30 === 0) say(`${Math.round(elapsedMs / 1_000)} s of ${Math.round(lastsMs / 1_000)}`)
    }
    await pause(50)
  }
  return submitted
}

async function takeSample({ pid, metrics, samples }: Watched): Promise<void> {
  const kibibytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0)
  const heapBytes = Number(/^nodejs_heap_size_used_bytes(?:\{[^}]*\})? (\S+)/m.exec(await metrics())?.[1])
  samples.push({ atMs: Date.now(), heapMiB: heapBytes / 2 ** 20, rssMiB: kibibytes / 1_024 })
}

function growth(
  samples: readonly Sample[],
  field: "heapMiB" | "rssMiB",
): { readonly from: number; readonly to: number; readonly line: Line } {
  const warm = samples.slice(Math.floor(samples.length * warmUpShare))
  const points = warm.map((sample) => [sample.atMs / 3_600_000, sample[field]] as const)
  return { from: points[0]?.[1] ?? 0, to: points.at(-1)?.[1] ?? 0, line: lineThrough(points) }
}
