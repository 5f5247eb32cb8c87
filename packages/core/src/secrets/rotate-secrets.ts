/** One of several secrets that are valid at the same time after a rotation. */
export interface Expiring {
  /** Null for the newest. */
  readonly expiresAt: Date | null
}

/** More rotations than this within their overlaps end the oldest secret early. */
const maxSecrets = 5

/** The secrets after a rotation: the new one, and those before it until the overlap ends, or earlier if they end earlier. */
export function rotated<T extends Expiring>(
  secrets: readonly T[],
  next: T,
  { at, overlapMs }: { readonly at: Date; readonly overlapMs: number },
): readonly T[] {
  const overlapEnd = new Date(at.getTime() + overlapMs)
  const before = secrets
    .map((old) => ({ ...old, expiresAt: old.expiresAt !== null && old.expiresAt < overlapEnd ? old.expiresAt : overlapEnd }))
    .filter(({ expiresAt }) => expiresAt > at)
  return [next, ...before].slice(0, maxSecrets)
}

/** Whether a secret is valid still. */
export function isValidAt({ expiresAt }: Expiring, at: Date): boolean {
  return expiresAt === null || expiresAt > at
}

/** When the last of the earlier secrets ends; null when only the newest is valid. */
export function previousSecretExpiry(secrets: readonly Expiring[], at: Date): Date | null {
  const ends = secrets.flatMap(({ expiresAt }) => (expiresAt !== null && expiresAt > at ? expiresAt.getTime() : []))
  return ends.length > 0 ? new Date(Math.max(...ends)) : null
}
