import { once } from "node:events"
import { connect, createServer } from "node:net"

/** Commands by name: one is a round trip, however many documents it writes. */
export type CommandCounts = Readonly<Record<string, number>>

export interface CommandCounter {
  /** The same database, through here. */
  readonly url: string
  counts(): CommandCounts
  stop(): void
}

const headerBytes = 16
const opMsg = 2013
/** Header, flags, kind of section, length of the document, type of its first element: then comes the command's name. */
const nameOffset = headerBytes + 4 + 1 + 4 + 1

/** Stands between a process and MongoDB, and counts what is asked: the driver's own monitoring commands are left out. */
export async function countCommands(mongodbUrl: string): Promise<CommandCounter> {
  const target = new URL(mongodbUrl)
  const [port, host] = [Number(target.port || 27_017), target.hostname]
  const counts: Record<string, number> = {}
  const listener = createServer((client) => {
    const server = connect(port, host)
    let rest: Buffer = Buffer.alloc(0)
    client.on("data", (bytes) => {
      server.write(bytes)
      rest = countMessages(Buffer.concat([rest, bytes]), counts)
    })
    server.on("data", (bytes) => client.write(bytes))
    for (const socket of [client, server]) {
      socket.setNoDelay(true).on("error", () => {})
      socket.on("close", () => [client, server].map((side) => side.destroy()))
    }
  })
  listener.listen(0, "127.0.0.1")
  await once(listener, "listening")
  const address = listener.address()
  if (typeof address === "object" && address) target.port = String(address.port)
  return { url: target.toString(), counts: () => ({ ...counts }), stop: () => void listener.close() }
}

/** Returns what is left: the beginning of a message that has not come whole. */
function countMessages(bytes: Buffer, counts: Record<string, number>): Buffer {
  let rest = bytes
  while (rest.length >= headerBytes && rest.length >= rest.readInt32LE(0)) {
    const length = rest.readInt32LE(0)
    const name = rest.readInt32LE(12) === opMsg ? rest.toString("latin1", nameOffset, rest.indexOf(0, nameOffset)) : "hello"
    if (!["hello", "ismaster", "ping", "endSessions"].includes(name)) counts[name] = (counts[name] ?? 0) + 1
    rest = rest.subarray(length)
  }
  return rest
}
