import { once } from "node:events"
import { createServer, type Server } from "node:net"
import { afterEach, describe, expect, test } from "vitest"
import { findFreePort } from "../system/free-port.ts"
import { redisProblem } from "./redis-ping.ts"

let server: Server | undefined
afterEach(() => void server?.close())

/** Answers each connection with this, once it has said something. */
async function serverThatSays(answer: string): Promise<{ url: string; heard: () => string }> {
  let heard = ""
  server = createServer((socket) => {
    socket.on("error", () => undefined)
    socket.on("data", (chunk) => {
      heard += chunk.toString()
      socket.write(answer)
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return { url: `127.0.0.1:${address.port}`, heard: () => heard }
}

describe("redisProblem", () => {
  test("there is none when PING is answered", async () => {
    const { url } = await serverThatSays("+PONG\r\n")
    expect(await redisProblem(`redis://${url}`)).toBeUndefined()
  })

  test("logs in with what the URL has", async () => {
    const { url, heard } = await serverThatSays("+OK\r\n+PONG\r\n")
    expect(await redisProblem(`redis://app:p%40ss@${url}`)).toBeUndefined()
    expect(heard()).toBe("*3\r\n$4\r\nAUTH\r\n$3\r\napp\r\n$4\r\np@ss\r\n*1\r\n$4\r\nPING\r\n")
  })

  test("repeats what the server refuses with", async () => {
    const { url } = await serverThatSays("-NOAUTH Authentication required.\r\n")
    expect(await redisProblem(`redis://${url}`)).toContain("NOAUTH Authentication required.")
    const loading = await serverThatSays("-LOADING Redis is loading the dataset in memory\r\n")
    expect(await redisProblem(`redis://${loading.url}`)).toContain("LOADING")
  })

  test("recognises another protocol, nobody, and no URL", async () => {
    const { url } = await serverThatSays("HTTP/1.1 400 Bad Request\r\n\r\n")
    expect(await redisProblem(`redis://${url}`)).toContain("no Redis server")
    expect(await redisProblem(`redis://127.0.0.1:${await findFreePort([])}`)).toContain("ECONNREFUSED")
    expect(await redisProblem("http://127.0.0.1")).toContain("redis://")
    expect(await redisProblem("127.0.0.1")).toContain("not a URL")
  })

  test("tells whether a certain process answers", async () => {
    const { url } = await serverThatSays("+PONG\r\n$41\r\n# Server\r\nredis_version:7.0.15\r\nprocess_id:42\r\n\r\n")
    expect(await redisProblem(`redis://${url}`, { pid: 42 })).toBeUndefined()
    expect(await redisProblem(`redis://${url}`, { pid: 41 })).toBe("process 42 answers, not 41")
  })

  test("does not wait for ever", async () => {
    const { url } = await serverThatSays("")
    expect(await redisProblem(`redis://${url}`, { timeoutMs: 50 })).toContain("no answer within 0.05 s")
  })
})
