import { deserialize, serialize } from "bson"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { opMsgPrefix, parseOpMsg } from "./op-msg.ts"
import { WireError } from "./wire-error.ts"

const CHECKSUM_PRESENT = 1
const MORE_TO_COME = 2
const EXHAUST_ALLOWED = 1 << 16

interface Parts {
  flags?: number
  body?: Uint8Array
  sequences?: readonly { name: string; documents: readonly Uint8Array[] }[]
  isBodyLast?: boolean
}

function opMsg({ flags = 0, body = serialize({ ping: 1 }), sequences = [], isBodyLast = false }: Parts): Buffer {
  const bodySection = Buffer.concat([Buffer.from([0]), body])
  const sequenceSections = sequences.map(({ name, documents }) => {
    const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents])
    const size = Buffer.alloc(4)
    size.writeInt32LE(4 + content.length)
    return Buffer.concat([Buffer.from([1]), size, content])
  })
  const sections = isBodyLast ? [...sequenceSections, bodySection] : [bodySection, ...sequenceSections]
  const head = Buffer.alloc(20)
  head.writeInt32LE(7, 4)
  head.writeInt32LE(2013, 12)
  head.writeUInt32LE(flags, 16)
  const message = Buffer.concat([head, ...sections, Buffer.alloc(flags & CHECKSUM_PRESENT ? 4 : 0)])
  message.writeInt32LE(message.length, 0)
  return message
}

describe("parseOpMsg", () => {
  test("finds body and sequences, in any order and with any of the known flags", () => {
    const documents = fc.array(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string()).map((document) => serialize(document)),
      { maxLength: 5 },
    )
    const sequences = fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z]{1,10}$/), documents }), {
      selector: ({ name }) => name,
      maxLength: 3,
    })
    const flags = fc.constantFrom(0, CHECKSUM_PRESENT, MORE_TO_COME, EXHAUST_ALLOWED, CHECKSUM_PRESENT | MORE_TO_COME | EXHAUST_ALLOWED)
    fc.assert(
      fc.property(sequences, flags, fc.boolean(), fc.integer(), (wanted, flagBits, isBodyLast, number) => {
        const parsed = parseOpMsg(opMsg({ flags: flagBits, body: serialize({ insert: "c", number }), sequences: wanted, isBodyLast }))
        expect(deserialize(parsed.body)).toEqual({ insert: "c", number })
        expect(parsed.moreToCome).toBe((flagBits & MORE_TO_COME) !== 0)
        expect(parsed.requestId).toBe(7)
        expect([...parsed.sequences].map(([name, bytes]) => [name, bytes.toString("hex")])).toEqual(
          wanted.map((sequence) => [sequence.name, Buffer.concat(sequence.documents).toString("hex")]),
        )
      }),
    )
  })

  test("never reads beyond the message, whatever it holds", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (noise, isPlausible) => {
        const message = opMsg({ sequences: [{ name: "documents", documents: [serialize({ _id: 1 })] }] })
        const damaged = isPlausible ? Buffer.concat([message.subarray(0, 20), noise]) : Buffer.from(noise)
        try {
          const { body } = parseOpMsg(damaged)
          expect(body.length).toBeLessThanOrEqual(damaged.length)
        } catch (error) {
          expect(error).toBeInstanceOf(WireError)
        }
      }),
    )
  })

  test("refuses flags that must be understood and are not", () => {
    expect(() => parseOpMsg(opMsg({ flags: 4 }))).toThrow(/unknown flags/)
  })

  test("refuses a message without a body", () => {
    const message = opMsg({ sequences: [{ name: "documents", documents: [serialize({ _id: 1 })] }] })
    const withoutBody = Buffer.concat([message.subarray(0, 20), message.subarray(20 + 1 + serialize({ ping: 1 }).length)])
    expect(() => parseOpMsg(withoutBody)).toThrow(/no body/)
  })
})

test("a reply is an OP_MSG again", () => {
  const body = Buffer.from(serialize({ ok: 1 }))
  const reply = Buffer.concat([opMsgPrefix(3, 9, body.length), body])
  expect(reply.readInt32LE(0)).toBe(reply.length)
  expect(reply.readInt32LE(8)).toBe(9)
  expect(deserialize(parseOpMsg(reply).body)).toEqual({ ok: 1 })
})
