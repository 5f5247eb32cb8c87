import { useEffect, useRef } from "react"
import uPlot from "uplot"
import { useTheme } from "../app/theme.ts"
import { axisLabel, isolatedIndices, momentLabel } from "./chart-words.ts"
import { stacked } from "./stacked.ts"
import "uplot/dist/uPlot.min.css"
import "./chart.css"

export type SeriesColour = "--series-1" | "--series-2" | "--series-3" | "--series-4" | "--series-5" | "--good" | "--bad" | "--warn"

export interface ChartSeries {
  readonly label: string
  /** One for each time; null leaves a gap. */
  readonly values: readonly (number | null)[]
  readonly colour: SeriesColour
}

export interface ChartProps {
  /** What it shows, for who reads and who hears. */
  readonly label: string
  /** In words what the lines say, for who does not see them. */
  readonly summary: string
  /** ISO 8601, in order. */
  readonly times: readonly string[]
  readonly series: readonly ChartSeries[]
  readonly format: (value: number) => string
  /** Each series upon the one before, as areas. */
  readonly isStacked?: boolean
  readonly heightPx?: number
  /** The top of the scale, where it is known. */
  readonly highest?: number
  /** Each time is a day, UTC. */
  readonly isByDay?: boolean
}

const defaultHeightPx = 180
const axisPx = 76
const timeAxisPx = 28
/** In seconds: days are not divided. */
const dayIncrements = [1, 2, 7, 14, 30].map((days) => days * 86_400)
const headroom = 1.08

/** Lines or areas over time, drawn by uPlot. The legend shows the values under the pointer. */
export function Chart({
  label,
  summary,
  times,
  series,
  format,
  isStacked = false,
  heightPx = defaultHeightPx,
  highest,
  isByDay = false,
}: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const { isDark } = useTheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours come from the theme, and have to be read anew with it.
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const plot = new uPlot(
      optionsOf({ element, series, format, isStacked, heightPx, highest, isByDay }),
      [times.map((time) => Date.parse(time) / 1_000), ...(isStacked ? stacked(series) : series.map(({ values }) => [...values]))],
      element,
    )
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [times, series, format, isStacked, heightPx, highest, isByDay, isDark])
  return (
    <figure className="chart">
      <figcaption className="unseen">
        {label}. {summary}
      </figcaption>
      <div ref={place} aria-hidden="true" />
    </figure>
  )
}

interface OptionsRequest extends Pick<ChartProps, "series" | "format"> {
  readonly element: HTMLElement
  readonly isStacked: boolean
  readonly heightPx: number
  readonly highest: number | undefined
  readonly isByDay: boolean
}

function optionsOf({ element, series, format, isStacked, heightPx, highest, isByDay }: OptionsRequest): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name)
  const axis = {
    stroke: colour("--ink-soft"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
  }
  return {
    width: element.clientWidth,
    height: heightPx,
    ...(isByDay && { tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), "Etc/UTC") }),
    padding: [8, 8, 0, 0],
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (_plot, _min, max) => [0, highest ?? (max > 0 ? max * headroom : 1)] } },
    axes: [
      {
        ...axis,
        size: timeAxisPx,
        ...(isByDay && { incrs: dayIncrements }),
        values: (_plot, ticks) => ticks.map((tick) => axisLabel(tick, { spanSeconds: spanOf(ticks), isByDay })),
      },
      { ...axis, size: axisPx, values: (_plot, ticks) => ticks.map(format) },
    ],
    series: [
      { label: "", value: (_plot, time) => (time === null ? "latest" : momentLabel(time, { isByDay })) },
      ...series.map(({ label, colour: name, values }) => ({
        label,
        stroke: colour(name),
        width: isStacked ? 1 : 2,
        points: { show: true, size: 4, fill: colour(name), filter: () => isolatedIndices(values) },
        ...(isStacked && { fill: `color-mix(in srgb, ${colour(name)} 45%, transparent)` }),
        // Stacked, what is drawn is not what is told.
        value: (_plot: uPlot, _drawn: number | null, _series: number, index: number | null) => {
          const value = index === null ? values.at(-1) : values[index]
          return value === null || value === undefined ? "–" : format(value)
        },
      })),
    ],
    ...(isStacked && { bands: series.slice(1).map((_one, index): uPlot.Band => ({ series: [index + 2, index + 1] })) }),
  }
}

function spanOf(ticks: readonly number[]): number {
  return (ticks.at(-1) ?? 0) - (ticks[0] ?? 0)
}
