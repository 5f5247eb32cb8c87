import "./sparkline.css"

export interface SparklineProps {
  readonly values: readonly (number | null)[]
  /** What it shows and how it goes, for who does not see it. */
  readonly label: string
}

const width = 100
const height = 24

/** The course of one figure, small, without axes. */
export function Sparkline({ values, label }: SparklineProps) {
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <path d={pathOf(values)} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}

/** As the `d` of a path; begins anew after each gap. */
export function pathOf(values: readonly (number | null)[]): string {
  const highest = Math.max(0, ...values.map((value) => value ?? 0)) || 1
  const step = width / Math.max(1, values.length - 1)
  let isPenDown = false
  return values
    .flatMap((value, index) => {
      if (value === null) {
        isPenDown = false
        return []
      }
      const command = isPenDown ? "L" : "M"
      isPenDown = true
      return `${command}${round(index * step)} ${round(height - 1 - (value / highest) * (height - 2))}`
    })
    .join("")
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
