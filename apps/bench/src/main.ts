// `npm run bench -- NAME`: measurements, as ratios taken side by side in one run.
import { parseArgs } from "node:util"
import { benches } from "./benches.ts"
import type { BenchOptions } from "./lib/bench.ts"

const apart = Object.keys(benches).filter((name) => benches[name]?.isApart)
const help = `npm run bench -- NAME [--jobs N] [--minutes N] [--seed N] [--short] [--profile]

${Object.entries(benches)
  .map(([name, { what }]) => `  ${name.padEnd(10)} ${what}`)
  .join("\n")}
  ${"all".padEnd(10)} one after the other, with a soak of three minutes, but for ${apart.join(", ")}

  --jobs N     how many jobs (default: what each is made for)
  --minutes N  how long the soak lasts
  --seed N     of the providers' faults (default 1)
  --profile    floor only: also where the processes spend their time, which makes them slower
  --short      seconds instead of minutes: shows that it runs, and measures nothing
`
// An end by `exit` takes the processes of the measurement along.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130))

/** An hour is for a run of its own. */
const soakMinutesInAll = 3

/** One that fails does not cost the others, which may take half an hour. */
async function runOne(name: string, options: BenchOptions): Promise<void> {
  process.stdout.write(`\n== ${name}: ${benches[name]?.what}\n`)
  const startedAt = performance.now()
  try {
    await benches[name]?.run(options)
  } catch (error) {
    console.error(error)
    process.stdout.write(`${name} FAILED\n`)
    process.exitCode = 1
  }
  process.stdout.write(`(${name}: ${Math.round((performance.now() - startedAt) / 1_000)} s)\n`)
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string" },
    short: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    help: { type: "boolean" },
  },
})
const name = positionals[0] ?? ""
const names =
  name === "all" ? Object.keys(benches).filter((known) => !benches[known]?.isApart) : Object.keys(benches).filter((known) => known === name)
const isWhole = (text: string | undefined) => text === undefined || /^[1-9]\d{0,8}$/.test(text)
if (values.help || names.length === 0 || ![values.jobs, values.minutes, values.seed].every(isWhole)) {
  process.stderr.write(help)
  process.exitCode = values.help ? 0 : 2
} else {
  const numberOf = (text: string | undefined) => (text === undefined ? null : Number(text))
  const minutes = numberOf(values.minutes) ?? (name === "all" ? soakMinutesInAll : null)
  const options = {
    jobs: numberOf(values.jobs),
    minutes,
    seed: numberOf(values.seed) ?? 1,
    isShort: values.short,
    isProfiled: values.profile,
    environment: process.env,
  }
  for (const each of names) await runOne(each, options)
}
