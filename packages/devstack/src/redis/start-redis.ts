import { resolve } from "node:path"
import { choosePort, type PortWishes, portTaken } from "../processes/choose-port.ts"
import { ensureServiceProcess, joinServiceProcess, type ServiceIdentity, type ServiceProcess } from "../processes/service-process.ts"
import { redisProblem } from "./redis-ping.ts"

export interface StartRedisOptions extends PortWishes {
  /** Holds the data, the pid file and the log. */
  folder: string
  signal?: AbortSignal | undefined
}

/** The settings that every Redis of the project has: an append-only file synced every second; no eviction, as BullMQ needs. */
export const redisSettings: readonly string[] = [
  "--appendonly",
  "yes",
  "--appendfsync",
  "everysec",
  "--save",
  "",
  "--maxmemory-policy",
  "noeviction",
]

/** Joins the Redis that already runs on this folder. */
export function joinRedis({ folder, signal }: StartRedisOptions): Promise<ServiceProcess | undefined> {
  return joinServiceProcess(identity(folder), signal)
}

/**
 * Runs the `redis-server` of the PATH on 127.0.0.1, with its data in the folder; joins the one that already runs on it.
 * @throws ServiceStartError when it does not come up.
 */
export function startRedis(options: StartRedisOptions): Promise<ServiceProcess> {
  const service = identity(options.folder)
  const plan = async () => {
    const port = await choosePort(service, options)
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", service.folder, "--daemonize", "no", ...redisSettings]
    return { command: "redis-server", args, url: `redis://127.0.0.1:${port}`, retryOn: portTaken }
  }
  return ensureServiceProcess(service, plan, options.signal)
}

function identity(folder: string): ServiceIdentity {
  const answers = async (url: string, pid: number) => (await redisProblem(url, { pid })) === undefined
  return { title: "Redis", name: "redis", folder: resolve(folder), stopSignal: "SIGTERM", answers }
}
