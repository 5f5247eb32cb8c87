/** The length at the head of a BSON document, which counts itself. */
const lengthBytes = 4

/** Cuts a stream of BSON documents, one after the other, into documents. Throws when it ends within one. */
export async function* bsonDocuments(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0)
  for await (const piece of pieces) {
    rest = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece])
    while (rest.length >= lengthBytes && rest.length >= rest.readInt32LE(0)) {
      const bytes = rest.readInt32LE(0)
      if (bytes <= lengthBytes) throw new Error("This is not BSON: a document has no length")
      yield rest.subarray(0, bytes)
      rest = rest.subarray(bytes)
    }
  }
  if (rest.length > 0) throw new Error("It ends in the middle of a document")
}
