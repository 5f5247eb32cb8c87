// `npm start`: everything, with a demonstration that goes through REST like any caller.
import { parseArgs } from "node:util"
import { createLogger, createReleasers } from "../../packages/runtime/src/index.ts"
import { startEverything } from "./start-everything.ts"

const help = `npm start -- [--once] [--yes]

Starts Redis, MongoDB, the API, a worker and two simulated providers that fail now and then,
submits a batch of jobs, shows what became of them, and stays up until Ctrl-C.

  --once   end after the demonstration; the exit code is 1 if a job was lost
  --yes    install missing packages of the operating system without asking
  --help   this text
`

function parse() {
  try {
    return parseArgs({ options: { once: { type: "boolean" }, yes: { type: "boolean" }, help: { type: "boolean" } } }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
    return null
  }
}

const flags = parse()
if (flags === null) process.exitCode = 2
else if (flags.help) process.stdout.write(help)
else {
  const releasers = createReleasers({ logger: createLogger({ level: "error", name: "start" }), timeoutMs: 40_000 })
  const stopped = new AbortController()
  // Ctrl-C arrives up to three times: from the terminal, from npm, and from the bootstrap.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopped.abort())
  try {
    const { lost } = await startEverything({ once: flags.once ?? false, assumeYes: flags.yes ?? false, releasers, signal: stopped.signal })
    if (lost > 0) process.exitCode = 1
  } catch (error) {
    if (!stopped.signal.aborted) {
      process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
      process.exitCode = 1
    }
  } finally {
    await releasers.release()
    // Left to end by itself, Node takes its signal handlers down first, and a repeated signal would kill it with another code.
    process.exit()
  }
}
