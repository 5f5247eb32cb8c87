import { sha256 } from "../request-key.ts"
import { finalise, foldFeatures, unitVector } from "./feature-hash.ts"
import { maxDimensions, type Similarity } from "./similarity.ts"

/** Makes vectors of texts, one for each, in the same order. */
export type Embed = (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>

export interface EmbeddingSimilarityOptions {
  /** Names the model: another one makes vectors that cannot be compared with these. */
  readonly model: string
  readonly embed: Embed
  /** Default 5 s: a job should not wait longer for the chance that someone asked something alike. */
  readonly timeoutMs?: number
}

/** A lookup, the storing of what it did not find, and a retry all need the vector of one prompt: so many are remembered. */
const maxRemembered = 256

/** Compares texts by the vectors of an embedding model. Vectors with more than `maxDimensions` values are folded into that many. */
export function createEmbeddingSimilarity({ model, embed, timeoutMs = 5_000 }: EmbeddingSimilarityOptions): Similarity {
  const remembered = new Map<string, Float32Array | null>()
  const remember = (key: string, vector: Float32Array | null) => {
    const oldest = remembered.size >= maxRemembered ? remembered.keys().next().value : undefined
    if (oldest !== undefined) remembered.delete(oldest)
    remembered.set(key, vector)
  }
  return {
    space: `embedding-${model}`,
    async vectorOf(text, signal) {
      const key = sha256(text)
      const known = remembered.get(key)
      if (known !== undefined) return known
      const [values] = await embed([text], AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
      if (!values) throw new Error(`${model} returned no vector for a text`)
      const vector = fold(values)
      remember(key, vector)
      return vector
    },
  }
}

function fold(values: readonly number[]): Float32Array | null {
  if (values.length <= maxDimensions) return unitVector(values)
  // From 1 on, since 0 has no bits to mix.
  return foldFeatures(values.map((value, index) => [finalise(index + 1), value]))
}
