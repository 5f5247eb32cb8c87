import { parseEnvironment } from "../packages/runtime/src/index.ts"
import { connectStore } from "../packages/store/src/index.ts"

// Writes jobs that an older release has stored anew in the present form. Everything may run meanwhile; it may be stopped and
// started again at any time. Nothing depends on it: older jobs are upgraded whenever they are read.
const stopping = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort())

const store = await connectStore({ url: parseEnvironment(process.env).mongodbUrl })
try {
  const { upgraded } = await store.upgradeJobs({
    signal: stopping.signal,
    onProgress: (progress) => process.stdout.write(`${progress.upgraded.toLocaleString("en")} jobs upgraded\n`),
  })
  const end = stopping.signal.aborted ? "Stopped. Start it again to go on" : "All jobs are of the present form"
  process.stdout.write(`${end}; ${upgraded.toLocaleString("en")} were upgraded.\n`)
} finally {
  await store.close()
}
