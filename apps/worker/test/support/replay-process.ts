// Carries out replays like a worker, and nothing else; to be killed in the middle.
import { createMemoryTenantDirectory } from "@sluice/core/testing"
import { createReplayRunner, runPeriodically } from "@sluice/engine"
import { connectRedis, createJobQueue } from "@sluice/redis"
import { connectStore } from "@sluice/store"
import { fanOutOf } from "./fan-out-of.ts"

const [url = "", database = "", redisUrl = "", namespace = ""] = process.argv.slice(2)
const store = await connectStore({ url, database })
const redis = connectRedis({ url: redisUrl, namespace, onError: () => {} })
const fail = (error: unknown) => process.stderr.write(`${String(error)}\n`)
const run = createReplayRunner({
  ...store,
  deliveries: null,
  fanOut: fanOutOf(store),
  queue: createJobQueue({ redis }),
  tenants: createMemoryTenantDirectory(),
  clock: () => new Date(),
  holder: `process-${process.pid}`,
  leaseTtlMs: 2_000,
  observer: { letterFailed: fail, replayInterrupted: fail, replayEnded: () => undefined },
})
await runPeriodically(run, { everyMs: 100, signal: new AbortController().signal, onError: fail })
