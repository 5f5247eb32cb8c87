import type { Socket } from "node:net"
import { serialize } from "bson"
import { type CommandContext, type Reply, readCommand } from "./commands/command.ts"
import { runCommand } from "./commands/run-command.ts"
import { EngineLostError } from "./engine/mongo-error.ts"
import { createMessageFramer } from "./wire/message-framer.ts"
import { OP_MSG, opMsgPrefix, parseOpMsg } from "./wire/op-msg.ts"
import { OP_QUERY, opReplyPrefix, parseOpQuery } from "./wire/op-query.ts"
import { WireError } from "./wire/wire-error.ts"

const noSequences: ReadonlyMap<string, Buffer> = new Map()
let lastRequestId = 0

/**
 * Answers one client until it leaves. Messages are answered one after the other, and nothing more is read while one is
 * worked on or its answer waits for the client: a client that sends without end fills its own buffers, not ours.
 * A malformed message, or an engine that went away, ends the connection: the driver then knows that it knows nothing.
 */
export async function serveConnection(socket: Socket, context: CommandContext): Promise<void> {
  socket.setNoDelay(true)
  const framer = createMessageFramer()
  try {
    for await (const chunk of socket) for (const message of framer.push(chunk)) await answer(socket, message, context)
  } catch (error) {
    if (error instanceof WireError || error instanceof EngineLostError || isDisconnect(error)) return
    throw error
  } finally {
    socket.destroy()
  }
}

async function answer(socket: Socket, message: Buffer, context: CommandContext): Promise<void> {
  const opCode = message.readInt32LE(12)
  if (opCode === OP_MSG) {
    const { requestId, body, sequences, moreToCome } = parseOpMsg(message)
    const reply = await runCommand(readCommand(body, sequences), context)
    if (!moreToCome) await send(socket, opMsgPrefix, requestId, reply)
  } else if (opCode === OP_QUERY) {
    const { requestId, body } = parseOpQuery(message)
    await send(socket, opReplyPrefix, requestId, await runCommand(readCommand(body, noSequences), context))
  } else throw new WireError(`The operation ${opCode} is not part of today's wire protocol.`)
}

/** Resolves when the reply was handed to the system, or the client is gone. */
function send(socket: Socket, prefixOf: typeof opMsgPrefix, responseTo: number, reply: Reply): Promise<void> {
  const body = Buffer.isBuffer(reply) ? reply : serialize(reply, { ignoreUndefined: true })
  lastRequestId = (lastRequestId + 1) & 0x7fffffff
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.cork()
  socket.write(prefixOf(lastRequestId, responseTo, body.length))
  socket.write(body, () => resolve())
  socket.uncork()
  return promise
}

/** The client left: in the middle of a message, or without waiting for its answer. */
function isDisconnect(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && /^(ECONN|EPIPE|ERR_STREAM)/.test(error.code)
}
