import { resolveSrv } from "node:dns/promises"
import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { connect as connectTls } from "node:tls"
import { deserialize, serialize } from "bson"
import { createMessageFramer } from "../documentdb/gateway/wire/message-framer.ts"
import { opMsgPrefix, parseOpMsg } from "../documentdb/gateway/wire/op-msg.ts"

export interface PingOptions {
  /** The answer must come from this process of the machine. */
  pid?: number
}

const TIMEOUT_MS = 3_000

/**
 * Asks a MongoDB server for a sign of life: `undefined` when one of the hosts of the URL answers `ping`, which needs no
 * login; else why none does.
 */
export async function mongodbProblem(url: string, options: PingOptions = {}): Promise<string | undefined> {
  const target = await parseUrl(url).catch((error: Error) => error.message)
  if (typeof target === "string") return target
  const problems: string[] = []
  for (const host of target.hosts) {
    const problem = await pingHost(host, target.isTls, options)
    if (problem === undefined) return undefined
    problems.push(`${host.name}:${host.port}: ${problem}`)
  }
  return problems.join("; ")
}

interface Host {
  name: string
  port: number
}

async function parseUrl(url: string): Promise<{ hosts: Host[]; isTls: boolean } | string> {
  const parts = /^mongodb(?<srv>\+srv)?:\/\/(?:[^@/]*@)?(?<hosts>[^/?]+)(?:\/[^?]*)?(?:\?(?<query>.*))?$/.exec(url)?.groups
  if (parts?.hosts === undefined) return "the URL does not have the form mongodb://host:port"
  const query = new URLSearchParams(parts.query)
  const isSrv = parts.srv !== undefined
  const isTls = (query.get("tls") ?? query.get("ssl") ?? String(isSrv)) === "true"
  if (isSrv) return { hosts: await resolveSrv(`_mongodb._tcp.${parts.hosts}`), isTls }
  return { hosts: parts.hosts.split(",").map(parseHost), isTls }
}

function parseHost(text: string): Host {
  const { hostname, port } = new URL(`mongodb://${text}`)
  return { name: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 27017) }
}

async function pingHost(host: Host, isTls: boolean, expected: PingOptions): Promise<string | undefined> {
  const options = { host: host.name, port: host.port }
  const socket = isTls ? connectTls({ ...options, servername: host.name }) : connect(options)
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    await once(socket, isTls ? "secureConnect" : "connect", { signal: timeout })
    return await ping(socket, expected, timeout)
  } catch (error) {
    if (timeout.aborted) return `no answer within ${TIMEOUT_MS / 1000} s`
    return error instanceof Error ? error.message || String(error) : String(error)
  } finally {
    socket.destroy()
  }
}

async function ping(socket: Socket, { pid }: PingOptions, signal: AbortSignal): Promise<string | undefined> {
  const body = serialize({ [pid === undefined ? "ping" : "serverStatus"]: 1, $db: "admin" })
  socket.write(Buffer.concat([opMsgPrefix(1, 0, body.length), body]))
  const framer = createMessageFramer()
  const leave = () => socket.destroy(new Error("no answer"))
  signal.addEventListener("abort", leave)
  try {
    for await (const chunk of socket)
      for (const message of framer.push(chunk)) {
        const reply = deserialize(parseOpMsg(message).body)
        if (reply.ok !== 1) return `the server says: ${reply.errmsg}`
        return pid === undefined || Number(reply.pid) === pid ? undefined : `process ${reply.pid} answers, not ${pid}`
      }
    return "the server closed the connection"
  } finally {
    signal.removeEventListener("abort", leave)
  }
}
