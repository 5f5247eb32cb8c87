import { resolve } from "node:path"
import { choosePort, type PortWishes, portTaken } from "../processes/choose-port.ts"
import { ensureServiceProcess, joinServiceProcess, type ServiceIdentity, type ServiceProcess } from "../processes/service-process.ts"
import { mongodbProblem } from "./mongodb-ping.ts"

export interface StartMongodOptions extends PortWishes {
  /** Holds the data, the pid file and the log. */
  folder: string
  /** The program; the `mongod` of the PATH when left out. */
  program?: string | undefined
  signal?: AbortSignal | undefined
}

/** Joins the mongod that already runs on this folder. */
export function joinMongod({ folder, signal }: StartMongodOptions): Promise<ServiceProcess | undefined> {
  return joinServiceProcess(identity(folder), signal)
}

/**
 * Runs a mongod on 127.0.0.1 with its data in the folder; joins the one that already runs on it.
 * @throws ServiceStartError when it does not come up.
 */
export function startMongod(options: StartMongodOptions): Promise<ServiceProcess> {
  const service = identity(options.folder)
  const plan = async () => {
    const port = await choosePort(service, options)
    const args = ["--dbpath", service.folder, "--port", String(port), "--bind_ip", "127.0.0.1", "--nounixsocket"]
    return { command: options.program ?? "mongod", args, url: `mongodb://127.0.0.1:${port}`, retryOn: portTaken }
  }
  return ensureServiceProcess(service, plan, options.signal)
}

function identity(folder: string): ServiceIdentity {
  const answers = async (url: string, pid: number) => (await mongodbProblem(url, { pid })) === undefined
  return { title: "MongoDB", name: "mongod", folder: resolve(folder), stopSignal: "SIGTERM", answers }
}
