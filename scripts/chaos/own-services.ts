import { once } from "node:events"
import { rmSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { createTcpProxy, freePort, provideRedisServer, startMongodb, startRedis } from "../../packages/devstack/src/index.ts"
import type { Releasers } from "../../packages/runtime/src/index.ts"
import { freeze } from "./signals.ts"

/** A Redis or MongoDB of the suite's own, which may be hurt. */
export interface OwnService {
  /** Where the product finds it: a proxy that stays when the service goes. */
  readonly proxyPort: number
  /** Kills it and starts it again on the same port. */
  restart(): Promise<void>
  freeze(forMs: number): Promise<void>
  /** Breaks all connections to it, and refuses new ones for a while. */
  cut(forMs: number): Promise<void>
}

export interface OwnRedis extends OwnService {
  flush(): Promise<void>
  /** Kills it, removes its data, and starts it again. */
  wipe(): Promise<void>
}

export interface OwnServicesOptions {
  /** Of this run alone. */
  readonly folder: string
  /** Where the programs of the stand-in for MongoDB are, or are put. */
  readonly documentdbImage: string
  readonly releasers: Releasers
  readonly report: (line: string) => void
  /** Asked before packages of the operating system are installed. */
  readonly mayInstall: () => Promise<boolean> | boolean
}

interface Process {
  readonly pid: number
  stop(): Promise<void>
  crash(): Promise<void>
}

export async function startOwnRedis({ folder, releasers, report, mayInstall }: OwnServicesOptions): Promise<OwnRedis> {
  await provideRedisServer({ report, mayInstall })
  const data = join(folder, "redis")
  const port = await freePort()
  const service = await ownService({ name: "Redis", port, releasers, start: () => startRedis({ folder: data, port }) })
  return {
    ...service,
    flush: () => service.alone(() => sendFlush(port)),
    wipe: () => service.alone((restart) => restart(() => rmSync(join(data, "appendonlydir"), { recursive: true }))),
  }
}

export async function startOwnMongodb({ folder, documentdbImage, releasers, report }: OwnServicesOptions): Promise<OwnService> {
  const port = await freePort()
  const options = { folder: join(folder, "mongodb"), image: documentdbImage, port, report }
  return await ownService({ name: "MongoDB", port, releasers, start: () => startMongodb(options) })
}

interface ServicePlan {
  readonly name: string
  readonly port: number
  readonly releasers: Releasers
  readonly start: () => Promise<Process>
}

type Restart = (meanwhile?: () => void) => Promise<void>

async function ownService({ name, port, releasers, start }: ServicePlan) {
  let running = await start()
  releasers.push({ name, release: () => alone(() => running.stop()), timeoutMs: 60_000 })
  const proxy = await createTcpProxy({ targetPort: port })
  releasers.push({ name: `proxy of ${name}`, release: () => proxy.close() })
  let last: Promise<unknown> = Promise.resolve()

  /** What is done to a service is done one thing at a time: nobody can restart what is frozen. */
  function alone(work: (restart: Restart) => Promise<void>): Promise<void> {
    const done = last.then(() => work(restart))
    last = done.catch(() => undefined)
    return done
  }

  async function restart(meanwhile?: () => void): Promise<void> {
    await running.crash()
    meanwhile?.()
    running = await start()
  }

  return {
    proxyPort: proxy.port,
    alone,
    restart: () => alone(() => restart()),
    freeze: (forMs: number) => alone(() => freeze(running.pid, forMs)),
    async cut(forMs: number) {
      proxy.set("cut")
      await sleep(forMs)
      proxy.set("open")
    },
  }
}

async function sendFlush(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1")
  try {
    socket.write("FLUSHALL\r\n")
    const [answer] = await once(socket, "data")
    if (!String(answer).startsWith("+OK")) throw new Error(`Redis answered FLUSHALL with ${answer}`)
  } finally {
    socket.destroy()
  }
}
