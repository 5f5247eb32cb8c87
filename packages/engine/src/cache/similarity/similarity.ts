/** A way to tell how alike two texts are: by the angle between their vectors. */
export interface Similarity {
  /** Names the way, its version and its parameters: vectors are compared only within one space. */
  readonly space: string
  /**
   * A vector of length 1 with at most `maxDimensions` values, always the same for the same text; null for a text that has
   * nothing to compare. Rejects when what makes the vector fails, or when the signal is aborted.
   */
  vectorOf(text: string, signal: AbortSignal): Promise<Float32Array | null>
}

/** 2 kB a vector: two thousand of them are read and compared in the time of a short query. */
export const maxDimensions = 512

/** Below this the rounding of 32 bit floats begins: the same text is to be 1, not 0.9999999. */
const precision = 1e6

/** The cosine of two vectors of length 1 and of the same dimensions, in [-1, 1]. */
export function cosine(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let index = 0; index < one.length; index += 1) sum += (one[index] ?? 0) * (other[index] ?? 0)
  return Math.round(Math.max(-1, Math.min(1, sum)) * precision) / precision
}
