import { createSocket } from "node:dgram"
import { Resolver } from "node:dns/promises"
import { once } from "node:events"
import { isIP } from "node:net"

/** The addresses of a name, asked afresh for each question; undefined: no such name; "silence": no answer. */
type Zone = (name: string) => readonly string[] | "silence" | undefined

export interface DnsServer {
  readonly resolver: Resolver
  /** Questions so far, such as `A a.test`. */
  readonly questions: readonly string[]
  close(): Promise<void>
}

const typeA = 1
const typeAaaa = 28

/** A real name server on the loopback interface (RFC 1035, as much of it as it takes), and a resolver that asks it. */
export async function startDnsServer(zone: Zone): Promise<DnsServer> {
  const socket = createSocket("udp4")
  const questions: string[] = []
  socket.on("message", (query, { port, address }) => {
    const { name, type, end } = questionOf(query)
    questions.push(`${type === typeAaaa ? "AAAA" : "A"} ${name}`)
    const addresses = zone(name)
    if (addresses !== "silence") socket.send(answer(query, { addresses, type, end }), port, address)
  })
  socket.bind(0, "127.0.0.1")
  await once(socket, "listening")
  const resolver = new Resolver({ timeout: 500, tries: 2 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return {
    resolver,
    questions,
    close: async () => {
      resolver.cancel()
      socket.close()
      await once(socket, "close")
    },
  }
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("ascii", at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function answer(query: Buffer, options: { addresses: readonly string[] | undefined; type: number; end: number }): Buffer {
  const family = options.type === typeA ? 4 : 6
  const records = (options.addresses ?? []).filter((address) => isIP(address) === family && [typeA, typeAaaa].includes(options.type))
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(options.addresses === undefined ? 0x8183 : 0x8180, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records.length, 6)
  return Buffer.concat([header, query.subarray(12, options.end), ...records.map((address) => record(address, options.type))])
}

function record(address: string, type: number): Buffer {
  const data = type === typeA ? Buffer.from(address.split(".").map(Number)) : ipv6Bytes(address)
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function ipv6Bytes(address: string): Buffer {
  // The URL parser writes any IPv6 address in hexadecimal pieces.
  const [head = "", tail = ""] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::")
  const first = head.split(":").filter(Boolean)
  const last = tail.split(":").filter(Boolean)
  const pieces = [...first, ...Array<string>(8 - first.length - last.length).fill("0"), ...last]
  return Buffer.from(pieces.map((piece) => piece.padStart(4, "0")).join(""), "hex")
}
