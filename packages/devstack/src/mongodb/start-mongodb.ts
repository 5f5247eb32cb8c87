import { resolve } from "node:path"
import { type StartDocumentdbOptions, startDocumentdb } from "../documentdb/start-documentdb.ts"
import type { ServiceProcess } from "../processes/service-process.ts"
import { runCommand } from "../system/run-command.ts"
import { startMongod } from "./start-mongod.ts"

export type StartMongodbOptions = Omit<StartDocumentdbOptions, "run">

/**
 * Runs a MongoDB of one's own on a folder, for tests that kill it: the `mongod` of the PATH, or the stand-in where there is
 * none. The process of the handle is the one that clients talk to.
 * @throws ServiceStartError when it does not come up.
 */
export async function startMongodb(options: StartMongodbOptions): Promise<ServiceProcess> {
  const folder = resolve(options.folder)
  const { exitCode } = await runCommand("mongod", ["--version"], { timeoutMs: 5_000, signal: options.signal })
  return exitCode === 0 ? startMongod({ ...options, folder }) : startDocumentdb({ ...options, folder })
}
