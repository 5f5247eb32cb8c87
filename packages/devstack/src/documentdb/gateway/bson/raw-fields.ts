import { WireError } from "../wire/wire-error.ts"

/** The type byte of a BSON element: https://bsonspec.org/spec.html */
export const bsonType = { double: 0x01, string: 0x02, document: 0x03, boolean: 0x08, int32: 0x10, int64: 0x12 } as const

export interface RawField {
  name: string
  type: number
  /** Where the value begins and ends in the document. */
  start: number
  end: number
}

const fixedSizes = new Map([
  [0x01, 8],
  [0x06, 0],
  [0x07, 12],
  [0x08, 1],
  [0x09, 8],
  [0x0a, 0],
  [0x10, 4],
  [0x11, 8],
  [0x12, 8],
  [0x13, 16],
  [0x7f, 0],
  [0xff, 0],
])

/** How many bytes a value takes beside the length that it begins with. */
const extraBytes = new Map([
  [0x02, 4],
  [0x03, 0],
  [0x04, 0],
  [0x05, 5],
  [0x0c, 16],
  [0x0d, 4],
  [0x0e, 4],
  [0x0f, 0],
])

/**
 * The top-level fields of a document, without looking into their values: a command of megabytes is read as fast as its few
 * fields.
 * @throws WireError when the document is malformed.
 */
export function* rawFields(document: Buffer): Generator<RawField> {
  const last = document.length - 1
  let at = 4
  while (at < last) {
    const type = document[at] ?? 0
    const nameEnd = document.indexOf(0, at + 1)
    const start = nameEnd + 1
    const end = start + valueSize(document, type, start)
    if (nameEnd < 0 || end > last) throw new WireError("A BSON document is malformed.")
    yield { name: document.toString("utf8", at + 1, nameEnd), type, start, end }
    at = end
  }
}

/** The first top-level field of that name. */
export function findField(document: Buffer, name: string): RawField | undefined {
  for (const field of rawFields(document)) if (field.name === name) return field
  return undefined
}

function valueSize(document: Buffer, type: number, start: number): number {
  const fixed = fixedSizes.get(type)
  if (fixed !== undefined) return fixed
  const extra = extraBytes.get(type)
  if (extra !== undefined && start + 4 <= document.length) {
    const length = document.readInt32LE(start)
    if (length >= 0) return length + extra
  }
  if (type === 0x0b) return document.indexOf(0, document.indexOf(0, start) + 1) + 1 - start // a regex is two C strings
  throw new WireError(`A BSON document has an element of unknown type ${type}.`)
}

/** The value of a string field, or `undefined` for another type. */
export function stringValue(document: Buffer, field: RawField): string | undefined {
  return field.type === bsonType.string ? document.toString("utf8", field.start + 4, field.end - 1) : undefined
}

/** The value of a numeric field, or `undefined` for another type. An int64 loses precision beyond 2^53. */
export function numberValue(document: Buffer, field: RawField): number | undefined {
  switch (field.type) {
    case bsonType.int32:
      return document.readInt32LE(field.start)
    case bsonType.int64:
      return Number(document.readBigInt64LE(field.start))
    case bsonType.double:
      return document.readDoubleLE(field.start)
    default:
      return undefined
  }
}
