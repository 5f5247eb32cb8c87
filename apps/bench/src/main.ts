// `npm run bench -- NAME`: measurements, as ratios taken side by side in one run.
import { parseArgs } from "node:util"
import { measureBatches } from "./batches/measure.ts"
import { measureBullmq } from "./bullmq/measure.ts"
import { measureFairness } from "./fairness/measure.ts"
import { measureFaults } from "./faults/measure.ts"
import { measureFloor } from "./floor/measure.ts"
import type { BenchOptions } from "./lib/bench.ts"
import { measureLimits } from "./limits/measure.ts"
import { measureLive } from "./live/measure.ts"
import { measureOpenai } from "./openai/measure.ts"
import { measureOutage } from "./outage/measure.ts"
import { measurePages } from "./pages/measure.ts"
import { measureRecovery } from "./recovery/measure.ts"
import { measureTracing } from "./tracing/measure.ts"
import { measureWebhooks } from "./webhooks/measure.ts"

const benches: Readonly<Record<string, { readonly what: string; readonly run: (options: BenchOptions) => Promise<void> }>> = {
  bullmq: { what: "submits/s and jobs/s beside a bare BullMQ add-and-process loop", run: measureBullmq },
  floor: { what: "jobs/s, submits/s, latencies and processor time beside the same service written without Sluice", run: measureFloor },
  faults: { what: "jobs that fail or get lost where 15 of 100 calls to the providers fail", run: measureFaults },
  limits: { what: "share of a provider's allowance used, 429s provoked, and what waiting costs", run: measureLimits },
  openai: { what: "calls by OpenAI's own client that fail where 15 of 100 calls to the provider do", run: measureOpenai },
  outage: { what: "what reaches providers that are away for 30 s, and what becomes of the jobs", run: measureOutage },
  recovery: {
    what: "how soon all jobs go on when Redis has lost its memory, and what becomes of submits without it",
    run: measureRecovery,
  },
  batches: { what: "what a tenant waits while another floods the route by batches, and jobs/s accepted so", run: measureBatches },
  fairness: { what: "what a tenant waits in line while another floods the route", run: measureFairness },
  live: { what: "long polls and streams of events on one API process: answered, memory, and what streaming costs", run: measureLive },
  pages: { what: "ms of the API for each call that the dashboard makes, with a million jobs in the database", run: measurePages },
  tracing: { what: "processor time of API and worker for a job, with traces off and on", run: measureTracing },
  webhooks: { what: "deliveries/s, events missing and twice, with a receiver that is well and one that is not", run: measureWebhooks },
}

const help = `npm run bench -- NAME [--jobs N]

${Object.entries(benches)
  .map(([name, { what }]) => `  ${name.padEnd(10)} ${what}`)
  .join("\n")}

  --jobs N   how many jobs (default: what each is made for)
`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: "string" }, help: { type: "boolean" } },
})
const bench = benches[positionals[0] ?? ""]
const jobs = values.jobs === undefined ? null : Number(values.jobs)
if (values.help || !bench || (jobs !== null && !(Number.isInteger(jobs) && jobs > 0))) {
  process.stderr.write(help)
  process.exitCode = values.help ? 0 : 2
} else {
  await bench.run({ jobs, environment: process.env })
}
