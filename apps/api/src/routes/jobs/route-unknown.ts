/** Which routes there are, for somebody who named another. */
export function routesInWords(known: readonly string[]): string {
  return known.length === 0 ? "The configuration has no routes." : `There are the routes ${known.join(", ")}.`
}
