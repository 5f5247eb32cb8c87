import { Client } from "pg"

const CONNECT_ATTEMPTS_MS = 60_000
const PAUSE_MS = 50

/**
 * Waits for PostgreSQL and installs the extension into its database; does nothing where it is there already.
 * @throws the last error when PostgreSQL does not come up within a minute, or refuses.
 */
export async function prepareDatabase(socketFolder: string): Promise<void> {
  const client = await connect(socketFolder)
  await client.query("create extension if not exists documentdb cascade")
  // Indexes are built at once here, so nobody has to look every two seconds for ones to build.
  await client.query("select cron.unschedule(jobid) from cron.job where jobname like 'documentdb_index_build_task%'")
  await client.end()
}

async function connect(socketFolder: string): Promise<Client> {
  const endsAt = performance.now() + CONNECT_ATTEMPTS_MS
  for (;;) {
    const client = new Client({ host: socketFolder, user: "postgres", database: "postgres" })
    client.on("error", () => undefined)
    try {
      await client.connect()
      return client
    } catch (error) {
      if (performance.now() > endsAt) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}
