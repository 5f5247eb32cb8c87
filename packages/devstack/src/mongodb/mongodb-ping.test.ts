import { once } from "node:events"
import { createServer, type Server } from "node:net"
import { serialize } from "bson"
import { afterEach, describe, expect, test } from "vitest"
import { opMsgPrefix } from "../documentdb/gateway/wire/op-msg.ts"
import { findFreePort } from "../system/free-port.ts"
import { mongodbProblem } from "./mongodb-ping.ts"

let server: Server | undefined
afterEach(() => void server?.close())

async function serverThatSays(answer: Uint8Array): Promise<string> {
  server = createServer((socket) => {
    socket.on("error", () => undefined)
    socket.once("data", () => socket.end(answer))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return `127.0.0.1:${address.port}`
}

function reply(document: object): Buffer {
  const body = serialize(document)
  return Buffer.concat([opMsgPrefix(1, 1, body.length), body])
}

describe("mongodbProblem", () => {
  test("there is none when ping is answered, with credentials and options in the URL", async () => {
    const host = await serverThatSays(reply({ ok: 1 }))
    expect(await mongodbProblem(`mongodb://${host}`)).toBeUndefined()
    expect(await mongodbProblem(`mongodb://user:secret@${host}/sluice?authSource=admin`)).toBeUndefined()
  })

  test("one host of several is enough", async () => {
    const host = await serverThatSays(reply({ ok: 1 }))
    expect(await mongodbProblem(`mongodb://127.0.0.1:${await findFreePort([])},${host}/?replicaSet=rs`)).toBeUndefined()
  })

  test("repeats what the server says, and names each host", async () => {
    const host = await serverThatSays(reply({ ok: 0, errmsg: "shutting down" }))
    const nobody = `127.0.0.1:${await findFreePort([])}`
    const problem = await mongodbProblem(`mongodb://${nobody},${host}`)
    expect(problem).toContain(`${nobody}: connect ECONNREFUSED`)
    expect(problem).toContain(`${host}: the server says: shutting down`)
  })

  test("tells whether a certain process answers", async () => {
    const host = await serverThatSays(reply({ pid: 42, ok: 1 }))
    expect(await mongodbProblem(`mongodb://${host}`, { pid: 42 })).toBeUndefined()
    expect(await mongodbProblem(`mongodb://${host}`, { pid: 41 })).toBe(`${host}: process 42 answers, not 41`)
  })

  test("recognises another protocol and another kind of URL", async () => {
    const host = await serverThatSays(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"))
    expect(await mongodbProblem(`mongodb://${host}`)).toBeDefined()
    expect(await mongodbProblem("postgres://127.0.0.1")).toContain("mongodb://")
  })
})
