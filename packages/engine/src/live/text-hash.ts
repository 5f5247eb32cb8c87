/** FNV-1a over UTF-16 units, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv). Of nothing. */
export const hashOfNothing = 0x811c9dc5

const prime = 0x01000193

/** The hash of a text that goes on with `text` from `from` to `to`, when what came before has the hash `before`. */
export function hashOn(before: number, text: string, from: number, to: number): number {
  let hash = before
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), prime)
  return hash >>> 0
}

/** A few characters that differ for texts that differ, almost always. */
export function tagOf(text: string): string {
  return hashOn(hashOfNothing, text, 0, text.length).toString(36)
}
