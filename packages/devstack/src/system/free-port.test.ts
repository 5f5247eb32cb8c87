import { once } from "node:events"
import { createServer } from "node:net"
import { expect, test } from "vitest"
import { findFreePort, isPortFree } from "./free-port.ts"

test("prefers the first port that is free", async () => {
  const [taken, free] = [await findFreePort([]), await findFreePort([])]
  const server = createServer().listen(taken, "127.0.0.1")
  await once(server, "listening")
  try {
    expect(await isPortFree(taken)).toBe(false)
    expect(await findFreePort([taken, free])).toBe(free)
    expect(await findFreePort([taken])).not.toBe(taken)
  } finally {
    server.close()
  }
})
