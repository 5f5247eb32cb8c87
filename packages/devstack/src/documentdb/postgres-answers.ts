import { closeSync, openSync } from "node:fs"
import { Client } from "pg"

const TIMEOUT_MS = 3_000

/**
 * Whether PostgreSQL answers a query on its socket in the folder. Its own word for it, the "ready" in its pid file, stays
 * there when it is killed.
 */
export async function postgresAnswers(socketFolder: string): Promise<boolean> {
  const folder = openFolder(socketFolder)
  if (folder === undefined) return false
  // The path of a socket may be 107 bytes long at most, and that of a checkout can be longer.
  const client = new Client({
    host: `/proc/self/fd/${folder}`,
    user: "postgres",
    database: "postgres",
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  })
  client.on("error", () => undefined)
  try {
    await client.connect()
    await client.query("select 1")
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
    closeSync(folder)
  }
}

function openFolder(path: string): number | undefined {
  try {
    return openSync(path, "r")
  } catch {
    return undefined
  }
}
