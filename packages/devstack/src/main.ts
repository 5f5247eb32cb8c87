// `npm run services [-- --yes] [--data FOLDER]`: Redis and MongoDB, until a signal. Standard output is only the two addresses.
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { askToInstall } from "./ask-to-install.ts"
import { startServices } from "./start-services.ts"

const { values: options } = parseArgs({ options: { yes: { type: "boolean", default: false }, data: { type: "string" } } })
const dataFolder = options.data ?? fileURLToPath(new URL("../../../.data", import.meta.url))
const abort = new AbortController()
const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
// Ctrl-C arrives up to three times: from the terminal, from npm, and from the script that started this.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    abort.abort(new Error(`Stopped by ${signal}.`))
    stop()
  })
const keepAlive = setInterval(() => undefined, 2 ** 30)

try {
  const services = await startServices({
    dataFolder,
    environment: process.env,
    mayInstall: () => askToInstall({ isAgreed: options.yes, input: process.stdin, output: process.stderr, signal: abort.signal }),
    report: (line) => process.stderr.write(`${line}\n`),
    signal: abort.signal,
  })
  process.stdout.write(`REDIS_URL=${services.redisUrl}\nMONGODB_URL=${services.mongodbUrl}\n`)
  await stopped
  await services.stop()
} catch (error) {
  if (!abort.signal.aborted) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
} finally {
  clearInterval(keepAlive)
}
