// The command line: wiring, and the only reader of the environment.
import { runCli } from "./run-cli.ts"
import { createTerminal } from "./terminal/create-terminal.ts"

const interrupted = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupted.abort())
// `sluice jobs | head` closes the pipe when it has enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error
  // biome-ignore lint/nursery/noProcessExit: nobody reads what else there is to say.
  process.exit(0)
})

const { stdin, stdout, stderr, env } = process
process.exitCode = await runCli(process.argv.slice(2), {
  terminal: createTerminal({ stdin, stdout, stderr, noColor: (env.NO_COLOR ?? "") !== "" }),
  environment: env,
  fetch,
  signal: interrupted.signal,
  now: Date.now,
  folder: process.cwd(),
})
