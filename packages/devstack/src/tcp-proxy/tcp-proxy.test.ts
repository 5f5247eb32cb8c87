import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"
import { expect, onTestFinished, test, vi } from "vitest"
import { createTcpProxy, type TcpProxy } from "./tcp-proxy.ts"

interface Client {
  readonly socket: Socket
  /** All that was answered so far. */
  readonly heard: () => string
}

/** A server that says everything back, a proxy before it, and clients of the proxy. */
async function setUp() {
  const server = createServer((socket) => void socket.on("error", () => undefined).pipe(socket)).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  const proxy = await createTcpProxy({ targetPort: address.port })
  onTestFinished(async () => {
    await proxy.close()
    server.close()
  })
  return { proxy, client: () => connectTo(proxy) }
}

function connectTo(proxy: TcpProxy): Client {
  let heard = ""
  const socket = connect(proxy.port, "127.0.0.1").on("error", () => undefined)
  socket.on("data", (bytes) => {
    heard += bytes.toString()
  })
  onTestFinished(() => void socket.destroy())
  return { socket, heard: () => heard }
}

/** Long enough for bytes that are not held up. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 50))

test("passes bytes both ways, in order", async () => {
  const { client } = await setUp()
  const { socket, heard } = client()
  for (let index = 0; index < 100; index += 1) socket.write(`${index},`)
  await vi.waitFor(() => expect(heard()).toBe(Array.from({ length: 100 }, (_, index) => `${index},`).join("")))
})

test("frozen, it loses nothing; muted, the answers", async () => {
  const { proxy, client } = await setUp()
  const { socket, heard } = client()
  proxy.set("frozen")
  socket.write("a")
  await aMoment()
  expect(heard()).toBe("")
  proxy.set("open")
  await vi.waitFor(() => expect(heard()).toBe("a"))
  proxy.set("mute")
  socket.write("b")
  await aMoment()
  proxy.set("open")
  socket.write("c")
  await vi.waitFor(() => expect(heard()).toBe("ac"))
})

test("cut, it breaks connections and accepts none until it is open", async () => {
  const { proxy, client } = await setUp()
  const { socket } = client()
  await once(socket, "connect")
  proxy.set("cut")
  await once(socket, "close")
  await once(client().socket, "close")
  proxy.set("open")
  const { socket: again, heard } = client()
  again.write("a")
  await vi.waitFor(() => expect(heard()).toBe("a"))
  proxy.breakConnections()
  await once(again, "close")
})

test("delays answers by what it is told", async () => {
  const { proxy, client } = await setUp()
  const { socket, heard } = client()
  await once(socket, "connect")
  proxy.delayAnswers(300)
  const startedAt = performance.now()
  socket.write("a")
  await vi.waitFor(() => expect(heard()).toBe("a"))
  expect(performance.now() - startedAt).toBeGreaterThan(290)
})
