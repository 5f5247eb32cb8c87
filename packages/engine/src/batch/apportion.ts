/**
 * Divides a whole number by weights into whole parts that add up to it exactly: each gets its share rounded down, and what is left
 * over goes to those whose shares were cut most (Hamilton's method of the largest remainder). The weights must not all be 0.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const exact = weights.map((weight) => (total * weight) / sum)
  const parts = exact.map(Math.floor)
  const left = total - parts.reduce((all, part) => all + part, 0)
  const byRemainder = exact.map((share, index) => ({ index, cut: share - Math.floor(share) })).sort((a, b) => b.cut - a.cut)
  const raised = new Set(byRemainder.slice(0, left).map(({ index }) => index))
  return parts.map((part, index) => (raised.has(index) ? part + 1 : part))
}
