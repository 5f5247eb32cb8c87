import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { type Document, deserialize, Long, serialize } from "bson"
import { afterEach, describe, expect, test } from "vitest"
import { findFreePort } from "../../system/free-port.ts"
import { pollUntil } from "../../system/poll-until.ts"
import type { Engine, Row } from "./engine/engine.ts"
import { codes, EngineLostError, MongoError } from "./engine/mongo-error.ts"
import { type Gateway, startGateway } from "./gateway.ts"
import { createMessageFramer } from "./wire/message-framer.ts"
import { opMsgPrefix, parseOpMsg } from "./wire/op-msg.ts"

interface Call {
  statement: string
  values: readonly unknown[]
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A gateway in this process, in front of an engine that answers as it is told. */
async function gatewayWith(
  answer: (call: Call) => Promise<Row> | Row,
  cursorIdleMs?: number,
): Promise<{ gateway: Gateway; calls: Call[]; errors: unknown[] }> {
  const calls: Call[] = []
  const errors: unknown[] = []
  const query: Engine["query"] = async ({ name }, values) => {
    calls.push({ statement: name, values })
    return answer({ statement: name, values })
  }
  const engine: Engine = { query, write: (_collection, statement, values) => query(statement, values), close: () => Promise.resolve() }
  const gateway = await startGateway({
    engine,
    port: await findFreePort([]),
    onError: (error) => errors.push(error),
    ...(cursorIdleMs !== undefined && { cursorIdleMs }),
  })
  closers.push(() => gateway.close())
  return { gateway, calls, errors }
}

interface Client {
  socket: Socket
  send(command: Document, options?: { flags?: number; requestId?: number }): void
  /** Sends and waits for the answer. */
  ask(command: Document): Promise<Document>
  next(): Promise<{ responseTo: number; document: Document }>
}

async function connectTo({ port }: Gateway): Promise<Client> {
  const socket = connect(port, "127.0.0.1")
  await once(socket, "connect")
  closers.push(async () => socket.destroy())
  const framer = createMessageFramer()
  const replies: { responseTo: number; document: Document }[] = []
  socket.on("error", () => undefined)
  socket.on("data", (chunk) => {
    for (const message of framer.push(chunk))
      replies.push({ responseTo: message.readInt32LE(8), document: deserialize(parseOpMsg(message).body, { promoteLongs: false }) })
  })
  const next = async () => {
    await pollUntil(() => replies.length > 0, { timeoutMs: 5_000, intervalMs: 1 })
    const reply = replies.shift()
    if (!reply) throw new Error("no answer")
    return reply
  }
  const send: Client["send"] = (command, { flags = 0, requestId = 1 } = {}) => {
    const body = serialize(command)
    const prefix = opMsgPrefix(requestId, 0, body.length)
    prefix.writeUInt32LE(flags, 16)
    socket.write(Buffer.concat([prefix, body]))
  }
  const ask = async (command: Document) => {
    send(command)
    return (await next()).document
  }
  return { socket, send, ask, next }
}

const bson = (document: Document) => Buffer.from(serialize(document))
const ping: Document = { ping: 1, $db: "admin" }

describe("the gateway", () => {
  test("greets a driver without sessions, so that it uses neither transactions nor retryable writes", async () => {
    const { gateway } = await gatewayWith(() => ({}))
    const client = await connectTo(gateway)
    const hello = await client.ask({ hello: 1, $db: "admin" })
    expect(hello).toMatchObject({ isWritablePrimary: true, ok: 1 })
    expect(hello).not.toHaveProperty("logicalSessionTimeoutMinutes")
    expect(await client.ask({ insert: "c", documents: [{}], $db: "d", txnNumber: Long.fromNumber(1) })).toMatchObject({
      ok: 0,
      code: 20,
      codeName: "IllegalOperation",
    })
  })

  test("answers messages that come in one packet one by one, in order", async () => {
    const { gateway } = await gatewayWith(({ values }) => ({ reply: bson({ n: Number(deserialize(values[1] as Buffer).n), ok: 1 }) }))
    const client = await connectTo(gateway)
    client.socket.cork()
    for (const n of [1, 2, 3]) client.send({ count: "c", n, $db: "d" }, { requestId: n * 10 })
    client.socket.uncork()
    for (const n of [1, 2, 3]) expect(await client.next()).toMatchObject({ responseTo: n * 10, document: { n } })
  })

  test("does not answer a message that wants no answer, but obeys it", async () => {
    const { gateway, calls } = await gatewayWith(() => ({ p_result: bson({ n: 1, ok: 1 }) }))
    const client = await connectTo(gateway)
    client.send({ insert: "c", documents: [{ _id: 1 }], $db: "d" }, { flags: 2, requestId: 1 })
    client.send(ping, { requestId: 2 })
    expect((await client.next()).responseTo).toBe(2)
    expect(calls.map(({ statement }) => statement)).toEqual(["insert", "ping"])
  })

  test("stops reading from a client that does not read its answers", async () => {
    const large = bson({ data: "x".repeat(1_000_000), ok: 1 })
    const { gateway, calls } = await gatewayWith(() => ({ reply: large }))
    const client = await connectTo(gateway)
    client.socket.pause()
    const asked = 100
    for (let i = 0; i < asked; i++) client.send({ count: "c", $db: "d" })
    await pollUntil(() => calls.length > 0, { timeoutMs: 5_000 })
    let before = -1
    const isQuiet = () => {
      const wasQuiet = before === calls.length
      before = calls.length
      return wasQuiet
    }
    await pollUntil(isQuiet, { timeoutMs: 10_000, intervalMs: 200 })
    expect(calls.length).toBeLessThan(asked / 3) // what fits into the buffers of the system
    client.socket.resume()
    for (let i = 0; i < asked; i++) expect((await client.next()).document.ok).toEqual(expect.anything())
    expect(calls).toHaveLength(asked)
  })

  test("says MongoDB's code for what it does not know, and for what the engine refuses", async () => {
    const { gateway } = await gatewayWith(() => {
      throw new MongoError(codes.badValue, "no such operator")
    })
    const client = await connectTo(gateway)
    expect(await client.ask({ noSuchCommand: 1, $db: "d" })).toMatchObject({ ok: 0, code: 59, codeName: "CommandNotFound" })
    expect(await client.ask({ find: "c", $db: "d" })).toMatchObject({ ok: 0, code: 2, codeName: "BadValue", errmsg: "no such operator" })
    expect(await client.ask({ saslStart: 1, $db: "admin" })).toMatchObject({ ok: 0, code: 18 })
  })

  test("translates the codes inside write errors", async () => {
    const { gateway } = await gatewayWith(() => ({
      p_result: bson({ n: 0, ok: 1, writeErrors: [{ index: 3, code: 319029277, errmsg: "Duplicate key" }] }),
    }))
    const client = await connectTo(gateway)
    const reply = await client.ask({ insert: "c", documents: [{}], $db: "d" })
    expect(reply.writeErrors).toEqual([{ index: expect.anything(), code: 11000, codeName: "DuplicateKey", errmsg: "Duplicate key" }])
  })

  test("passes the command and its documents on as they came", async () => {
    const { gateway, calls } = await gatewayWith(() => ({ p_result: bson({ n: 2, ok: 1 }) }))
    const client = await connectTo(gateway)
    const body = bson({ insert: "c", ordered: false, $db: "shop", lsid: { id: 1 } })
    const documents = Buffer.concat([bson({ _id: 1 }), bson({ _id: 2 })])
    const name = Buffer.from("documents\0")
    const size = Buffer.alloc(5)
    size[0] = 1
    size.writeInt32LE(4 + name.length + documents.length, 1)
    const rest = Buffer.concat([size, name, documents])
    client.socket.write(Buffer.concat([opMsgPrefix(1, 0, body.length + rest.length), body, rest]))
    expect((await client.next()).document).toMatchObject({ ok: expect.anything() })
    expect(calls).toEqual([{ statement: "insert", values: ["shop", body, documents] }])
  })

  test("refuses documents beside a command that has none", async () => {
    const { gateway } = await gatewayWith(() => ({}))
    const client = await connectTo(gateway)
    const body = bson({ find: "c", $db: "d" })
    const section = Buffer.concat([Buffer.from([1, 15, 0, 0, 0]), Buffer.from("documents\0"), Buffer.alloc(1)])
    client.socket.write(Buffer.concat([opMsgPrefix(1, 0, body.length + section.length), body, section]))
    expect((await client.next()).document).toMatchObject({ ok: 0, code: 2 })
  })

  test.each([
    ["a length that cannot be", Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ["an operation that left the protocol", Buffer.from([16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 210, 7, 0, 0])],
  ])("ends a connection that sends %s, and only that", async (_what, bytes) => {
    const { gateway, errors } = await gatewayWith(() => ({}))
    const [bad, good] = [await connectTo(gateway), await connectTo(gateway)]
    bad.socket.write(bytes)
    await once(bad.socket, "close")
    expect(await good.ask(ping)).toMatchObject({ ok: expect.anything() })
    expect(errors).toEqual([])
  })

  test("survives a client that leaves in the middle of a message or before its answer", async () => {
    const slow = Promise.withResolvers<Row>()
    const { gateway, calls, errors } = await gatewayWith(({ statement }) => (statement === "count" ? slow.promise : {}))
    const [halfway, impatient] = [await connectTo(gateway), await connectTo(gateway)]
    halfway.socket.write(Buffer.from([200, 0, 0, 0, 1, 2, 3]))
    impatient.send({ count: "c", $db: "d" })
    await pollUntil(() => calls.length === 1, { timeoutMs: 5_000 })
    halfway.socket.resetAndDestroy()
    impatient.socket.resetAndDestroy()
    slow.resolve({ reply: bson({ n: "x".repeat(1_000_000), ok: 1 }) })
    expect(await (await connectTo(gateway)).ask(ping)).toMatchObject({ ok: expect.anything() })
    expect(errors).toEqual([])
  })

  test("ends the connection when the engine went away, for then nobody knows what became of the command", async () => {
    const { gateway, errors } = await gatewayWith(() => {
      throw new EngineLostError("gone")
    })
    const client = await connectTo(gateway)
    client.send({ insert: "c", documents: [{}], $db: "d" })
    await once(client.socket, "close")
    expect(errors).toEqual([])
  })

  test("answers a bug of its own as an internal error", async () => {
    const { gateway } = await gatewayWith(() => {
      throw new TypeError("a bug")
    })
    const client = await connectTo(gateway)
    expect(await client.ask({ find: "c", $db: "d" })).toMatchObject({ ok: 0, code: 1, codeName: "InternalError" })
    expect(await client.ask({ find: "c", $db: "d" })).toMatchObject({ ok: 0, code: 1 })
  })
})

describe("cursors", () => {
  const page = (id: number) => bson({ cursor: { id: Long.fromNumber(id), ns: "d.c", firstBatch: [] }, ok: 1 })
  const open = (id: number): Row => ({ cursorpage: page(id), continuation: bson({ position: id }), cursorid: String(id) })

  test("go on where they were, across connections, until the engine says that they end", async () => {
    const { gateway, calls } = await gatewayWith(({ statement }) =>
      statement === "find" ? open(42) : { cursorpage: page(0), continuation: null },
    )
    await (await connectTo(gateway)).ask({ find: "c", $db: "d" })
    const other = await connectTo(gateway)
    await other.ask({ getMore: Long.fromNumber(42), collection: "c", $db: "d" })
    expect(deserialize(calls[1]?.values[2] as Buffer)).toEqual({ position: 42 })
    expect(await other.ask({ getMore: Long.fromNumber(42), collection: "c", $db: "d" })).toMatchObject({
      ok: 0,
      code: 43,
      codeName: "CursorNotFound",
    })
  })

  test("are closed by killCursors, with what the engine keeps for them", async () => {
    const { gateway, calls } = await gatewayWith(({ statement }) => (statement === "find" ? open(7) : {}))
    const client = await connectTo(gateway)
    await client.ask({ find: "c", $db: "d" })
    const ids = [Long.fromNumber(7), Long.fromNumber(8)]
    expect(await client.ask({ killCursors: "c", cursors: ids, $db: "d" })).toMatchObject({
      cursorsKilled: [ids[0]],
      cursorsNotFound: [ids[1]],
    })
    expect(calls[1]).toEqual({ statement: "deleteCursors", values: ["{7}"] })
    expect(await client.ask({ getMore: ids[0], collection: "c", $db: "d" })).toMatchObject({ code: 43 })
  })

  test("that nobody reads are closed after their idle time", async () => {
    const { gateway, calls } = await gatewayWith(({ statement }) => (statement === "find" ? open(9) : {}), 50)
    await (await connectTo(gateway)).ask({ find: "c", $db: "d" })
    expect(await pollUntil(() => calls.length === 2, { timeoutMs: 5_000 })).toBe(true)
    expect(calls[1]).toEqual({ statement: "deleteCursors", values: ["{9}"] })
  })
})
