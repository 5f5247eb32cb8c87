/**
 * The number of insertions, deletions, substitutions and swaps of neighbours that make one text the other (optimal string
 * alignment: Damerau 1964, with the row-wise algorithm of Wagner and Fischer 1974).
 */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1)
      const gap = Math.min(previous[column] ?? 0, current[column - 1] ?? 0) + 1
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const swap = isSwap ? (beforePrevious[column - 2] ?? Number.POSITIVE_INFINITY) + 1 : Number.POSITIVE_INFINITY
      current.push(Math.min(substitution, gap, swap))
    }
    beforePrevious = previous
    previous = current
  }
  return previous[to.length] ?? 0
}

/** The candidate that a misspelt name was most likely meant to be, or null when none is near: at most a third of it differs. */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  const given = name.toLowerCase()
  const mostEdits = Math.max(1, Math.floor(given.length / 3))
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: editDistance(given, candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= mostEdits)
    .sort((a, b) => a.edits - b.edits)
  return ranked[0]?.candidate ?? null
}

/** What to say after an unknown name: the one that was most likely meant, else all that there are. */
export function suggestName(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates)
  if (nearest !== null) return `Did you mean "${nearest}"?`
  return candidates.length === 0 ? "There are none." : `Known: ${candidates.join(", ")}.`
}
