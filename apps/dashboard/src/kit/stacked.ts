/** Each series upon the sum of those before it. A gap counts as nothing, so that what lies above keeps its place. */
export function stacked(series: readonly { readonly values: readonly (number | null)[] }[]): number[][] {
  const sums: number[] = []
  return series.map(({ values }) =>
    values.map((value, index) => {
      const sum = (sums[index] ?? 0) + (value ?? 0)
      sums[index] = sum
      return sum
    }),
  )
}
