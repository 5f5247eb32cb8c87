import { connect, type Socket } from "node:net"
import { connect as connectTls } from "node:tls"

export interface PingOptions {
  /** The answer must come from this process of the machine. */
  pid?: number
  timeoutMs?: number
}

const DEFAULT_TIMEOUT_MS = 3_000

/**
 * Asks a Redis server for a sign of life: `undefined` when it answers PING, else why not. Speaks redis:// and rediss://, with
 * user and password.
 */
export async function redisProblem(url: string, { pid, timeoutMs = DEFAULT_TIMEOUT_MS }: PingOptions = {}): Promise<string | undefined> {
  const target = parseUrl(url)
  if (typeof target === "string") return target
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = openSocket(target)
  let received = ""
  socket.setTimeout(timeoutMs, () => resolve(`no answer within ${timeoutMs / 1000} s`))
  socket.once("error", (error) => resolve(error.message || String(error)))
  socket.once("close", () => resolve("the server closed the connection"))
  socket.on("data", (chunk) => {
    received += chunk.toString()
    const verdict = judge(received, { isLogin: target.password !== "", pid })
    if (verdict !== "more") resolve(verdict === "ok" ? undefined : verdict)
  })
  socket.write(`${login(target)}${command("PING")}${pid === undefined ? "" : command("INFO", "server")}`)
  try {
    return await promise
  } finally {
    socket.destroy()
  }
}

function parseUrl(text: string): URL | string {
  const url = URL.parse(text)
  if (!url) return "this is not a URL"
  return url.protocol === "redis:" || url.protocol === "rediss:" ? url : `the URL begins with ${url.protocol}//, not redis:// or rediss://`
}

function openSocket(url: URL): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, "") || "127.0.0.1"
  const port = Number(url.port || 6379)
  return url.protocol === "rediss:" ? connectTls({ host, port, servername: host }) : connect({ host, port })
}

function login({ username, password }: URL): string {
  const credentials = [username, password].filter((part) => part !== "").map(decodeURIComponent)
  return password === "" ? "" : command("AUTH", ...credentials)
}

/** The RESP form of a command: an array of bulk strings. */
function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`
}

interface Expectation {
  isLogin: boolean
  pid: number | undefined
}

function judge(received: string, { isLogin, pid }: Expectation): string {
  const lines = received.split("\r\n").slice(0, -1)
  const refusal = lines.find((line) => line.startsWith("-"))
  if (refusal !== undefined) return `the server says: ${refusal.slice(1)}`
  const answer = lines[isLogin ? 1 : 0]
  if (answer === undefined) return "more"
  if (answer !== "+PONG") return `this is no Redis server (it answers "${answer.slice(0, 80)}")`
  if (pid === undefined) return "ok"
  const answering = lines.find((line) => line.startsWith("process_id:"))?.slice("process_id:".length)
  if (answering === undefined) return "more"
  return answering === String(pid) ? "ok" : `process ${answering} answers, not ${pid}`
}
