import { measureBacklog } from "./backlog/measure.ts"
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
import { measureScale } from "./scale/measure.ts"
import { measureSoak } from "./soak/measure.ts"
import { measureStrategies } from "./strategies/measure.ts"
import { measureTracing } from "./tracing/measure.ts"
import { measureWebhooks } from "./webhooks/measure.ts"

export interface Bench {
  /** In half a sentence, for `--help`. */
  readonly what: string
  readonly run: (options: BenchOptions) => Promise<void>
  /** Not one of `all`, which is to take less than 40 minutes: very long, or about one part of the whole. */
  readonly isApart?: boolean
}

/** In the order in which `all` runs them. */
export const benches: Readonly<Record<string, Bench>> = {
  floor: { what: "jobs/s, submits/s, latencies and processor time beside the same service written without Sluice", run: measureFloor },
  strategies: {
    what: "retries, breaker, queue and rate limiting, each alone and all together, through faults and an outage",
    run: measureStrategies,
  },
  faults: { what: "calls that fail where 15 of 100 to the provider do, beside naive code and an open-source gateway", run: measureFaults },
  limits: { what: "share of a provider's allowance used by 1 to 8 workers, 429s provoked, and what waiting costs", run: measureLimits },
  fairness: { what: "what a tenant waits in line while another floods the route", run: measureFairness },
  backlog: { what: "submits, lists, memory and drain rate with a very long line", run: measureBacklog },
  recovery: { what: "how soon all goes on after Redis, a provider or a worker was lost", run: measureRecovery },
  webhooks: { what: "deliveries/s, events missing and twice, with a receiver that is well and one that is not", run: measureWebhooks },
  soak: { what: "whether memory grows: a line through heap and RSS of each process (--minutes, default 60)", run: measureSoak },
  scale: { what: "jobs/s with 1, 2, 4 and 8 worker processes, and what each job costs whom", run: measureScale },
  batches: {
    what: "what a tenant waits while another floods the route by batches, and jobs/s accepted so",
    run: measureBatches,
    isApart: true,
  },
  bullmq: { what: "submits/s and jobs/s beside a bare BullMQ add-and-process loop", run: measureBullmq, isApart: true },
  live: {
    what: "long polls and streams of events on one API process: answered, memory, and what streaming costs",
    run: measureLive,
    isApart: true,
  },
  openai: { what: "calls by OpenAI's own client that fail where 15 of 100 calls to the provider do", run: measureOpenai, isApart: true },
  pages: {
    what: "ms of the API for each call that the dashboard makes, with a million jobs in the database",
    run: measurePages,
    isApart: true,
  },
  tracing: { what: "processor time of API and worker for a job, with traces off and on", run: measureTracing, isApart: true },
  outage: { what: "what reaches providers that are away for 30 s, and what becomes of the jobs", run: measureOutage, isApart: true },
}
