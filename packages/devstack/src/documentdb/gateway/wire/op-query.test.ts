import { deserialize, serialize } from "bson"
import { expect, test } from "vitest"
import { opReplyPrefix, parseOpQuery } from "./op-query.ts"
import { WireError } from "./wire-error.ts"

function opQuery(command: object): Buffer {
  const head = Buffer.alloc(20)
  head.writeInt32LE(5, 4)
  head.writeInt32LE(2004, 12)
  const message = Buffer.concat([head, Buffer.from("admin.$cmd\0"), Buffer.alloc(4), Buffer.from([255, 255, 255, 255]), serialize(command)])
  message.writeInt32LE(message.length, 0)
  return message
}

test("the greeting of a driver is read", () => {
  const { requestId, body } = parseOpQuery(opQuery({ ismaster: 1, helloOk: true }))
  expect(requestId).toBe(5)
  expect(deserialize(body)).toEqual({ ismaster: 1, helloOk: true })
})

test("one that is cut short is refused", () => {
  expect(() => parseOpQuery(opQuery({ ismaster: 1 }).subarray(0, -1))).toThrow(WireError)
  expect(() => parseOpQuery(Buffer.alloc(20, 1))).toThrow(WireError)
})

test("its answer announces one document", () => {
  const prefix = opReplyPrefix(1, 5, 100)
  expect([prefix.readInt32LE(0), prefix.readInt32LE(8), prefix.readInt32LE(12), prefix.readInt32LE(32)]).toEqual([136, 5, 1, 1])
})
