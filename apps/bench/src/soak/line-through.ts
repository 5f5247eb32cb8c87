export interface Line {
  readonly slope: number
  /** How much of the points' variance the line explains: near 0, there is no trend. */
  readonly r2: number
}

/** The least-squares line through points. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): Line {
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / Math.max(1, list.length)
  const [x0, y0] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const sumOf = (product: (dx: number, dy: number) => number) => points.reduce((sum, [x, y]) => sum + product(x - x0, y - y0), 0)
  const [xx, xy, yy] = [sumOf((dx) => dx * dx), sumOf((dx, dy) => dx * dy), sumOf((_, dy) => dy * dy)]
  return { slope: xx === 0 ? 0 : xy / xx, r2: xx === 0 || yy === 0 ? 0 : xy ** 2 / (xx * yy) }
}
