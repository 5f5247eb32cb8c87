import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createMessageFramer, MAX_MESSAGE_BYTES } from "./message-framer.ts"
import { WireError } from "./wire-error.ts"

function message(payload: Uint8Array): Buffer {
  const header = Buffer.alloc(16)
  header.writeInt32LE(16 + payload.length)
  return Buffer.concat([header, payload])
}

describe("the message framer", () => {
  test("finds the messages of a stream, however it was cut", () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 12 })
    const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(payloads, cuts, (bodies, sizes) => {
        const messages = bodies.map(message)
        const stream = Buffer.concat(messages)
        const framer = createMessageFramer()
        const found: Buffer[] = []
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          found.push(...framer.push(Buffer.from(stream.subarray(at, at + size))))
          at += size
        }
        expect(found.map((bytes) => bytes.toString("hex"))).toEqual(messages.map((bytes) => bytes.toString("hex")))
      }),
    )
  })

  test("hands out a message as soon as its last byte is there", () => {
    const framer = createMessageFramer()
    const [first, second] = [message(Buffer.from("one")), message(Buffer.from("two"))]
    expect(framer.push(Buffer.concat([first, second.subarray(0, -1)]))).toEqual([first])
    expect(framer.push(second.subarray(-1))).toEqual([second])
  })

  test.each([0, 15, -1, MAX_MESSAGE_BYTES + 1])("refuses a message that says it is %i bytes long", (length) => {
    const header = Buffer.alloc(16)
    header.writeInt32LE(length)
    expect(() => createMessageFramer().push(header)).toThrow(WireError)
  })
})
