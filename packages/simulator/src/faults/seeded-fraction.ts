/** What a number is drawn for, so that draws for different ends at the same place do not repeat each other. */
export type Purpose = "outcome" | "jitter"

const SALT: Record<Purpose, number> = { outcome: 0x2545f491, jitter: 0x6c078965 }

/**
 * A number in [0, 1) that depends on nothing but its arguments: the position is hashed, not drawn from a running
 * generator, so request 17 meets the same fate whatever came before it.
 *
 * The mixing is the 32-bit finaliser of MurmurHash3 (Austin Appleby), applied once per input.
 */
export function seededFraction(seed: number, position: number, purpose: Purpose): number {
  const high = Math.floor(position / 0x1_0000_0000)
  const hash = mix(mix(mix(seed ^ SALT[purpose]) ^ position) ^ high)
  return hash / 0x1_0000_0000
}

function mix(value: number): number {
  let hash = value + 0x9e3779b9 // zero would otherwise stay zero
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
