import { type BenchOptions, onServices } from "../lib/bench.ts"
import { asPercent, percentile, table } from "../lib/figures.ts"
import { writeResults } from "../lib/write-results.ts"
import { type LimitOutcome, type LimitScenario, runScenario } from "./scenario.ts"

const small = { words: 20, maxOutputTokens: 60 }
const large = { words: 11_500, maxOutputTokens: 500 }

function repeat<T>(count: number, itemOf: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => itemOf(index))
}

/** Of small jobs a large one now and then, which alone takes a quarter of a minute's allowance. */
const mixed = repeat(280, (index) => (index % 35 === 17 ? large : { words: 20 + ((index * 37) % 400), maxOutputTokens: 120 }))

const workerCounts = [1, 2, 4, 8]
const rpm = { requestsPerMinute: 1_200 }
const tpm = { tokensPerMinute: 400_000 }
/** What jobs of the kind `medium` take of a minute: with the default number, half of it. */
const mediums = 600

function scenariosOf({ jobs, isShort }: BenchOptions): readonly LimitScenario[] {
  const count = jobs ?? (isShort ? 20 : mediums)
  const counts = isShort ? [1] : workerCounts
  const byRequests = counts.map((workers) => scenarioOf("rpm", workers, { limits: rpm, inputs: repeat(count, () => small) }))
  const byTokens = counts.map((workers) => scenarioOf("tpm", workers, { limits: tpm, inputs: repeat(count, medium) }))
  return isShort ? byTokens : [...byRequests, ...byTokens, ...special(count)]
}

/** Up to some 440 tokens, as it is booked. */
function medium(index: number): { readonly words: number; readonly maxOutputTokens: number } {
  return { words: 20 + ((index * 37) % 400), maxOutputTokens: 120 }
}

function scenarioOf(
  id: string,
  workers: number,
  { limits, inputs }: { readonly limits: typeof rpm | typeof tpm } & Pick<LimitScenario, "inputs">,
): LimitScenario {
  const [limit] = Object.values(limits)
  return { id: `${id}-${workers}`, title: `${limit} ${id}, workers: ${workers}`, workers, enforced: limits, configured: limits, inputs }
}

/** A provider that allows less than was configured, and jobs of very different sizes. */
function special(count: number): readonly LimitScenario[] {
  const lower = { requestsPerMinute: 600 }
  // A large job alone takes more than a second of it: as with real providers, a minute's allowance is the bucket.
  const byMinute = { tokensPerMinute: 240_000 }
  return [
    {
      id: "lower",
      title: "600 rpm where 1200 were configured",
      workers: 2,
      enforced: lower,
      configured: rpm,
      inputs: repeat(count / 2, () => small),
    },
    {
      id: "mixed",
      title: "240000 tpm, mixed sizes",
      workers: 2,
      enforced: { ...byMinute, burstMs: 60_000 },
      configured: byMinute,
      inputs: mixed,
    },
  ]
}

/** How much of a provider's allowance is used, how often the provider had to refuse, and what waiting costs. */
export async function measureLimits(options: BenchOptions): Promise<void> {
  const rows = await onServices(options, async (workshop) => {
    const measured = []
    for (const scenario of scenariosOf(options)) {
      const row = summarise(scenario, await runScenario(workshop, options, scenario))
      workshop.say(JSON.stringify(row))
      measured.push(row)
    }
    return measured
  })
  writeResults("limits", options, { rows })
  const heading = [
    "",
    "of allowance",
    "429",
    "429 after 1 s",
    "429 in the last minute",
    "admits/start",
    "worker CPU",
    "large p99 s",
    "small p99 s",
  ]
  const lines = rows.map((row) => [
    row.title,
    asPercent(row.used),
    row.refused,
    row.refusedLater,
    asPercent(row.refusedShareAtEnd),
    row.admitsPerStart.toFixed(2),
    asPercent(row.cpuShare),
    row.largeP99.toFixed(0),
    row.smallP99.toFixed(0),
  ])
  process.stdout.write(`\n${table([heading, ...lines])}\n`)
}

function summarise({ title, enforced, inputs, workers }: LimitScenario, { calls, seconds, admissions, workerCpuMs, jobs }: LimitOutcome) {
  const first = Math.min(...calls.map(({ atMs }) => atMs))
  const last = Math.max(...calls.map(({ atMs }) => atMs))
  const isRefused = ({ status }: { readonly status: number | null }) => status === 429
  const served = calls.filter((call) => !isRefused(call))
  const refused = calls.filter(isRefused)
  const amount = enforced.tokensPerMinute
    ? served.reduce((sum, { promptTokens, outputTokens }) => sum + promptTokens + outputTokens, 0)
    : served.length
  const perMinute = enforced.tokensPerMinute ?? enforced.requestsPerMinute ?? 1
  const minutes = (last - first) / 60_000
  const late = calls.filter(({ atMs }) => atMs >= Math.max(first + 1_000, last - 60_000))
  const waits = (isLarge: boolean) =>
    jobs.flatMap(({ usage, createdAt, finishedAt }) =>
      usage !== null && usage.inputTokens > 5_000 === isLarge ? [(Date.parse(finishedAt ?? "") - Date.parse(createdAt)) / 1_000] : [],
    )
  return {
    title,
    workers,
    jobs: inputs.length,
    succeeded: jobs.filter(({ status }) => status === "succeeded").length,
    seconds,
    used: amount / (perMinute * minutes),
    refused: refused.length,
    refusedLater: refused.filter(({ atMs }) => atMs > first + 1_000).length,
    refusedShareAtEnd: late.filter(isRefused).length / Math.max(1, late.length),
    refusedByTenSeconds: refusalsByTime(refused, first),
    admitsPerStart: admissions.admits / Math.max(1, calls.length),
    cpuShare: workerCpuMs / 1_000 / seconds,
    largeP99: percentile(waits(true), 0.99),
    smallP99: percentile(waits(false), 0.99),
  }
}

function refusalsByTime(refused: readonly { readonly atMs: number }[], first: number): readonly number[] {
  const counts: number[] = []
  for (const { atMs } of refused) {
    const slot = Math.floor((atMs - first) / 10_000)
    counts[slot] = (counts[slot] ?? 0) + 1
  }
  return Array.from(counts, (count) => count ?? 0)
}
