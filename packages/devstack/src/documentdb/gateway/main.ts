// The gateway as a process of its own: main.ts PORT MAX_CONNECTIONS. Its working directory is the folder of PostgreSQL's
// socket, because the path of a socket may be 107 bytes long at most and that of a checkout can be longer.
import { createEngine } from "./engine/engine.ts"
import { startGateway } from "./gateway.ts"
import { prepareDatabase } from "./prepare-database.ts"

const socketFolder = "/proc/self/cwd"
const [port, maxConnections] = process.argv.slice(2).map(Number)
if (port === undefined || maxConnections === undefined) throw new Error("Usage: main.ts PORT MAX_CONNECTIONS")

await prepareDatabase(socketFolder)
const gateway = await startGateway({
  engine: createEngine({ socketFolder, maxConnections }),
  port,
  onError: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
})

let isClosing = false
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    if (isClosing) return
    isClosing = true
    void gateway.close()
  })
