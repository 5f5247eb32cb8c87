// `npm run bench -- NAME`: measurements, as ratios taken side by side in one run.
import { parseArgs } from "node:util"
import { type BenchOptions, measureBullmq } from "./bullmq/measure.ts"

const benches: Readonly<Record<string, { readonly what: string; readonly run: (options: BenchOptions) => Promise<void> }>> = {
  bullmq: { what: "submits/s and jobs/s beside a bare BullMQ add-and-process loop", run: measureBullmq },
}

const help = `npm run bench -- NAME [--jobs N]

${Object.entries(benches)
  .map(([name, { what }]) => `  ${name.padEnd(10)} ${what}`)
  .join("\n")}

  --jobs N   how many jobs in each round (default 4000)
`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: "string", default: "4000" }, help: { type: "boolean" } },
})
const bench = benches[positionals[0] ?? ""]
const jobs = Number(values.jobs)
if (values.help || !bench || !Number.isInteger(jobs) || jobs < 1) {
  process.stderr.write(help)
  process.exitCode = values.help ? 0 : 2
} else {
  await bench.run({ jobs, environment: process.env })
}
