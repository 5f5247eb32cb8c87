import { once } from "node:events"
import { connect } from "node:net"

/** Sends one command and returns the raw answer, for which one packet is enough here. */
export async function redisCommand(url: string, ...words: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  try {
    socket.write(`${words.map((word) => JSON.stringify(word)).join(" ")}\r\n`)
    const [chunk] = await once(socket, "data")
    return String(chunk)
  } finally {
    socket.destroy()
  }
}
