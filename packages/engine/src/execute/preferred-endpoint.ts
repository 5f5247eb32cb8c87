import { createHash } from "node:crypto"
import type { Endpoint } from "@sluice/core"

/**
 * The endpoint of a pool that a conversation stays with, for the sake of the provider's prompt cache. Rendezvous hashing
 * (Thaler and Ravishankar, 1996): when an endpoint leaves the pool only its own conversations move.
 */
export function preferredEndpoint(affinityKey: string | null, pool: readonly Endpoint[]): string | null {
  if (affinityKey === null) return null
  const scored = pool.map(({ name }) => ({ name, score: createHash("sha256").update(`${affinityKey}\n${name}`).digest("hex") }))
  return scored.reduce((best, candidate) => (candidate.score > best.score ? candidate : best), scored[0] ?? { name: null, score: "" }).name
}
