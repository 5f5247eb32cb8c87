import { maxDimensions } from "./similarity.ts"

const fnvOffset = 0x811c9dc5
const fnvPrime = 0x01000193

/** 32 bits of a text: FNV-1a, then the finaliser of MurmurHash3, without which the low bits of short texts would be alike. */
export function hash32(text: string): number {
  let hash = fnvOffset
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), fnvPrime)
  return finalise(hash)
}

/** Of a number; 0 gives 0. */
export function finalise(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/**
 * Any number of weighted features in `maxDimensions` values, of length 1: each is added to the place that its hash names, with
 * a sign from the hash too, so that collisions cancel out and angles are kept on average (Weinberger et al., "Feature Hashing for
 * Large Scale Multitask Learning", 2009). Null when nothing is left.
 */
export function foldFeatures(features: Iterable<readonly [hash: number, weight: number]>): Float32Array | null {
  const sums = new Float64Array(maxDimensions)
  for (const [hash, weight] of features) {
    const place = hash % maxDimensions
    sums[place] = (sums[place] ?? 0) + (hash >= 2 ** 31 ? -weight : weight)
  }
  return unitVector(sums)
}

/** The same direction with length 1; null when there is none, or a value is no number. */
export function unitVector(values: ArrayLike<number>): Float32Array | null {
  let squares = 0
  for (let index = 0; index < values.length; index += 1) squares += (values[index] ?? 0) ** 2
  const length = Math.sqrt(squares)
  if (!Number.isFinite(length) || length === 0) return null
  return Float32Array.from(values, (value) => value / length)
}
