import type { ProcessOutcome } from "@sluice/core"
import { connectRedis, createRouteWorker } from "../../src/index.ts"

/**
 * A worker in a process of its own: `node worker-process.ts URL NAMESPACE`. It prints the id of each entry when it begins with
 * it, is done with all of them when it is sent SIGUSR2, and prints what is reported.
 */
const [, , url = "", namespace = ""] = process.argv
const printLine = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const { promise, resolve } = Promise.withResolvers<ProcessOutcome>()
process.once("SIGUSR2", () => resolve({ kind: "done" }))
const redis = connectRedis({ url, namespace, onError: (error) => printLine(error.message) })
createRouteWorker({
  redis,
  route: "chat",
  concurrency: 3,
  lockDurationMs: 500,
  stalledIntervalMs: 250,
  drainDelayMs: 500,
  process: ({ id }) => {
    printLine(id)
    return promise
  },
})
