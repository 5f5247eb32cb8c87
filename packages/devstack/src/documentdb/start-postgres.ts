import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { ensureServiceProcess, joinServiceProcess, type ServiceIdentity, type ServiceProcess } from "../processes/service-process.ts"
import type { CommandRunner } from "../system/run-command.ts"
import { CLUSTER_INSIDE, insideCommand, type Layout, POSTGRES_UID } from "./layout.ts"
import { postgresAnswers } from "./postgres-answers.ts"
import { postgresSettings } from "./postgres-settings.ts"
import { endStrayServers } from "./stray-servers.ts"

export interface StartPostgresOptions {
  layout: Layout
  maxConnections: number
  run: CommandRunner
  signal?: AbortSignal | undefined
}

/** Joins the server of the cluster that already runs. */
export async function joinPostgres({
  layout,
  signal,
}: Pick<StartPostgresOptions, "layout" | "signal">): Promise<ServiceProcess | undefined> {
  const server = await joinServiceProcess(identity(layout), signal)
  return server && withChildren(server, layout)
}

/**
 * Runs PostgreSQL on the cluster, making the cluster first where there is none; joins the one that already runs.
 * @throws ServiceStartError when it does not come up.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<ServiceProcess> {
  const { layout, maxConnections, signal } = options
  const plan = async () => {
    await createCluster(options)
    await endStrayServers(layout)
    const settings = Object.entries(postgresSettings(maxConnections)).flatMap(([name, value]) => ["-c", `${name}=${value}`])
    const [command, args] = insideCommand(layout, "postgres", ["-D", `${CLUSTER_INSIDE}/data`, ...settings])
    return { command, args, url: layout.cluster }
  }
  return withChildren(await ensureServiceProcess(identity(layout), plan, signal), layout)
}

/** A crash takes the children along: some would stay, without a server to end them. */
function withChildren(server: ServiceProcess, layout: Layout): ServiceProcess {
  const crash = async () => {
    await server.crash()
    await endStrayServers(layout)
  }
  return { ...server, crash }
}

function identity(layout: Layout): ServiceIdentity {
  const answers = () => postgresAnswers(layout.cluster)
  // SIGINT is the "fast" shutdown: open connections are ended, everything is written.
  return { title: "PostgreSQL (DocumentDB)", name: "postgres", folder: layout.base, stopSignal: "SIGINT", answers }
}

async function createCluster({ layout, run, signal }: StartPostgresOptions): Promise<void> {
  const data = join(layout.cluster, "data")
  if (existsSync(data)) return
  mkdirSync(layout.cluster, { recursive: true })
  chmodSync(layout.base, 0o755) // a temporary folder is only for its owner
  chmodSync(layout.cluster, 0o700)
  chownSync(layout.cluster, POSTGRES_UID, POSTGRES_UID)
  rmSync(`${data}.new`, { recursive: true, force: true })
  const options = [
    "-D",
    `${CLUSTER_INSIDE}/data.new`,
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
  ]
  const [command, args] = insideCommand(layout, "initdb", options)
  const { exitCode, stderr } = await run(command, args, { environment: { LC_ALL: "C.UTF-8" }, signal })
  signal?.throwIfAborted()
  if (exitCode !== 0) throw new Error(`PostgreSQL could not create its data in ${layout.cluster}: ${stderr}`)
  renameSync(`${data}.new`, data)
}
