/** Each series upon the sum of those before it. A gap in one counts as nothing; where all have one, there is one. */
export function stacked(series: readonly { readonly values: readonly (number | null)[] }[]): (number | null)[][] {
  const sums: number[] = []
  return series.map(({ values }) =>
    values.map((value, index) => {
      if (series.every((one) => one.values[index] === null)) return null
      const sum = (sums[index] ?? 0) + (value ?? 0)
      sums[index] = sum
      return sum
    }),
  )
}
