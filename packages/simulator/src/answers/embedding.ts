import { wordsOf } from "./word-list.ts"

/** How many coordinates each word touches: several, so that two words rarely collide entirely in a short vector. */
const PROBES_PER_WORD = 4
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/**
 * A unit vector for `text`, the same on every machine: texts that share words point in similar directions, whatever
 * the order of the words and their case.
 *
 * Feature hashing (Weinberger et al., 2009): each word adds a signed 1 to a few coordinates that its hash chooses.
 */
export function embed(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0)
  const words = wordsOf(text.toLowerCase())
  for (const word of words.length > 0 ? words : [text]) {
    let hash = fnv1a(word)
    for (let probe = 0; probe < PROBES_PER_WORD; probe++) {
      const index = (hash >>> 1) % dimensions
      vector[index] = (vector[index] ?? 0) + (hash & 1 ? 1 : -1)
      hash = Math.imul(hash ^ (hash >>> 15), FNV_PRIME) >>> 0
    }
  }
  return toUnitLength(vector)
}

/** The vector as the base64 of little-endian 32-bit floats, which is how the official clients ask for it. */
export function toBase64Floats(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * Float32Array.BYTES_PER_ELEMENT)
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * Float32Array.BYTES_PER_ELEMENT)
  return bytes.toString("base64")
}

/** FNV-1a, 32 bits (Fowler, Noll, Vo), over UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = FNV_OFFSET
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME)
  return hash >>> 0
}

function toUnitLength(vector: number[]): number[] {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  if (length > 0) return vector.map((value) => value / length)
  return vector.map((_, index) => (index === 0 ? 1 : 0)) // all signs cancelled out: any fixed direction will do
}
