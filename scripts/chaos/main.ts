// `npm run chaos`: proves from outside that nothing is lost, while everything is harmed.
import { randomInt } from "node:crypto"
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { askToInstall } from "../../packages/devstack/src/index.ts"
import { createLogger, createReleasers } from "../../packages/runtime/src/index.ts"
import { type ChaosArguments, help, parseCommandLine } from "./options.ts"
import { explainPaidTwice } from "./paid-twice.ts"
import { runChaos } from "./run-chaos.ts"
import { describeRun, faultTable } from "./summarise.ts"
import { isClean, verify } from "./verify.ts"

const dataFolder = fileURLToPath(new URL("../../.data", import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)

async function run(options: ChaosArguments): Promise<boolean> {
  const { jobs, seed, minutes, faults } = options
  const folder = join(dataFolder, "chaos", `${new Date().toISOString().replaceAll(/\W/g, "")}-${seed}`)
  mkdirSync(folder, { recursive: true })
  const again = `npm run chaos -- --jobs ${jobs} --minutes ${minutes} --seed ${seed} --faults ${faults.join(",")}`
  const releasers = createReleasers({ logger: createLogger({ level: "error", name: "chaos" }), timeoutMs: 30_000 })
  const stopped = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopped.abort(new Error(`Stopped by ${signal}.`)))
  say(`Seed ${seed}: ${jobs} jobs over ${minutes} minutes`)
  let good = false
  try {
    const evidence = await runChaos({
      ...{ jobs, seed, faults, folder, releasers, report: say, signal: stopped.signal },
      ...{ overMs: minutes * 60_000, apis: 2, workers: 3, freezeMs: 20_000, settleMs: 600_000 },
      documentdbImage: join(dataFolder, "documentdb"),
      mayInstall: () => askToInstall({ isAgreed: false, input: process.stdin, output: process.stderr, signal: stopped.signal }),
    })
    const verdict = verify(evidence)
    const paidTwice = explainPaidTwice(evidence)
    good = isClean(verdict) && paidTwice.unexplained.length === 0
    say(`\n${faultTable(evidence, verdict)}\n\n${describeRun(evidence, verdict, paidTwice).join("\n")}`)
  } catch (error) {
    const reason: unknown = stopped.signal.aborted ? stopped.signal.reason : error
    say(`\n${reason instanceof Error ? reason.message : String(reason)}`)
  } finally {
    await releasers.release()
  }
  if (good) rmSync(folder, { recursive: true })
  else say(`\nThe logs are in ${folder}/logs. To repeat it:\n  ${again}`)
  return good
}

const commandLine = parseCommandLine(process.argv.slice(2), randomInt(2 ** 31))
if (commandLine.kind === "mistake") {
  process.stderr.write(`${commandLine.message}\n\n${help}`)
  process.exitCode = 2
} else if (commandLine.kind === "help") {
  process.stdout.write(help)
} else {
  const good = await run(commandLine.options)
  // Left to end by itself, Node takes its signal handlers down first, and a repeated signal would kill it with another code.
  process.exit(good ? 0 : 1)
}
