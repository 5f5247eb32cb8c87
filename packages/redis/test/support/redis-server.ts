import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A Redis server of the test's own, to be killed, frozen and started again on the same port. */
export interface RedisServer {
  readonly port: number
  readonly url: string
  start(): Promise<void>
  kill(): Promise<void>
  freeze(): void
  thaw(): void
  /** Kills it and removes its folder. */
  dispose(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (address === null || typeof address === "string") throw new Error("The system gave no port.")
  return address.port
}

async function untilReady(server: ChildProcess): Promise<void> {
  if (server.stdout === null) throw new Error("The server's output is not piped.")
  let output = ""
  for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) {
    output += String(chunk)
    if (output.includes("Ready to accept connections")) return void server.stdout.resume()
  }
  throw new Error(`redis-server ended before it was ready:\n${output}`)
}

/** `settings` are added to the command line, e.g. `["--maxmemory", "2mb"]`. Not started yet. */
export async function createRedisServer(settings: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), "sluice-redis-"))
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", ...settings]
  let running: ChildProcess | undefined

  const kill = async (): Promise<void> => {
    const server = running
    running = undefined
    if (server === undefined) return
    server.kill("SIGKILL")
    await once(server, "exit")
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start: async () => {
      running = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] })
      await untilReady(running)
    },
    kill,
    freeze: () => running?.kill("SIGSTOP"),
    thaw: () => running?.kill("SIGCONT"),
    dispose: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
