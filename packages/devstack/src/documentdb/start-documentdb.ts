import { availableParallelism } from "node:os"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { mongodbProblem } from "../mongodb/mongodb-ping.ts"
import { choosePort, type PortWishes, portTaken } from "../processes/choose-port.ts"
import { ensureServiceProcess, joinServiceProcess, type ServiceIdentity, type ServiceProcess } from "../processes/service-process.ts"
import { withFolderLock } from "../system/folder-lock.ts"
import { type CommandRunner, runCommand } from "../system/run-command.ts"
import { type InstallOptions, installImage, isImageInstalled, shareImage } from "./install-image.ts"
import { type Layout, layoutOf } from "./layout.ts"
import { joinPostgres, startPostgres } from "./start-postgres.ts"
import { withPhases } from "./with-phases.ts"

export interface StartDocumentdbOptions extends PortWishes {
  /** Holds the programs, the data, the pid files and the logs. */
  folder: string
  /** Takes the programs from the installation in this folder, made if need be: for tests with a folder of their own. */
  image?: string | undefined
  report?: (line: string) => void
  run?: CommandRunner
  signal?: AbortSignal | undefined
}

/** Each holds some 20 MB, and more of them than this make nothing faster: the work is bound by the cores. */
const CONNECTIONS_PER_CORE = 4
const SMALLEST_POOL = 8
/** Connections of PostgreSQL beside those of the gateway: DocumentDB's own, and a person with psql. */
const SPARE_CONNECTIONS = 20

export function isDocumentdbInstalled(folder: string): boolean {
  return isImageInstalled(layoutOf(resolve(folder)))
}

/** Joins the stand-in that already runs, whole. */
export async function joinDocumentdb(options: StartDocumentdbOptions): Promise<ServiceProcess | undefined> {
  const { folder, signal } = options
  const postgres = await joinPostgres({ layout: layoutOf(resolve(folder)), signal })
  if (!postgres) return undefined
  const gateway = await joinServiceProcess(gatewayIdentity(folder), signal)
  if (gateway) return together(gateway, postgres)
  await postgres.stop()
  return undefined
}

/**
 * Runs the stand-in for MongoDB, installing it first: PostgreSQL with the DocumentDB extension, and the gateway that speaks
 * MongoDB's protocol in front of it. Joins the one that already runs. For development and tests only; needs root on Debian.
 * @throws Error that says which step failed.
 */
export async function startDocumentdb(options: StartDocumentdbOptions): Promise<ServiceProcess> {
  const { folder, report = () => undefined, run = runCommand, signal } = options
  const layout = layoutOf(resolve(folder))
  await withPhases({ title: "DocumentDB", report }, (onPhase) => ensureImage({ layout, run, onPhase, signal }, options.image))
  const poolSize = Math.max(SMALLEST_POOL, CONNECTIONS_PER_CORE * availableParallelism())
  const postgres = await startPostgres({ layout, maxConnections: poolSize + SPARE_CONNECTIONS, run, signal })
  try {
    return together(await startGatewayProcess(options, layout, poolSize), postgres)
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

/** Commands can share a folder, and folders an image: hence the lock. */
function ensureImage(options: InstallOptions, image: string | undefined): Promise<void> {
  const { layout, onPhase, signal } = options
  const lock = {
    path: join(layout.base, "install.lock"),
    title: "the installation of DocumentDB",
    onWait: (pid: number) => onPhase(`process ${pid} is installing it`),
    signal,
  }
  return withFolderLock(lock, async () => {
    if (isImageInstalled(layout)) return
    const source = layoutOf(resolve(image ?? layout.base))
    if (source.base === layout.base) return installImage(options)
    await ensureImage({ ...options, layout: source }, undefined)
    await shareImage(options, source)
  })
}

function startGatewayProcess(options: StartDocumentdbOptions, { cluster }: Layout, poolSize: number): Promise<ServiceProcess> {
  const service = gatewayIdentity(options.folder)
  const plan = async () => {
    const port = await choosePort(service, options)
    const program = fileURLToPath(new URL("gateway/main.ts", import.meta.url))
    return {
      command: process.execPath,
      args: [program, String(port), String(poolSize)],
      cwd: cluster,
      url: `mongodb://127.0.0.1:${port}`,
      retryOn: portTaken,
    }
  }
  return ensureServiceProcess(service, plan, options.signal)
}

function gatewayIdentity(folder: string): ServiceIdentity {
  const answers = async (url: string, pid: number) => (await mongodbProblem(url, { pid })) === undefined
  return { title: "The gateway to DocumentDB", name: "gateway", folder: resolve(folder), stopSignal: "SIGTERM", answers }
}

/** What a client sees is the gateway; the server behind it goes after it and comes before it. */
function together(gateway: ServiceProcess, postgres: ServiceProcess): ServiceProcess {
  return {
    ...gateway,
    async stop() {
      await gateway.stop()
      await postgres.stop()
    },
    async crash() {
      await Promise.all([gateway.crash(), postgres.crash()])
    },
  }
}
