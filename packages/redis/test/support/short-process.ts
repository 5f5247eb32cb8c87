import { connectRedis, createJobQueue, createJobSignals, createRouteWorker } from "../../src/index.ts"

/** Opens everything, closes everything and does nothing else, so that it ends only if nothing was left open: `URL NAMESPACE`. */
const [, , url = "", namespace = ""] = process.argv
const redis = connectRedis({ url, namespace, onError: () => {} })
const queue = createJobQueue({ redis })
createJobSignals({ redis }).onFinished(() => {})
const worker = createRouteWorker({ redis, route: "chat", concurrency: 1, process: () => Promise.resolve({ kind: "done" }) })
await queue.remove({ id: "job_none", run: 1, route: "chat" }).catch(() => {})
await worker.close({ graceMs: 1_000 })
await redis.close()
process.stdout.write("closed\n")
