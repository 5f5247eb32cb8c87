import {
  allTenants,
  type BurnWindow,
  burnWindows,
  type Figures,
  type SloWindow,
  startOfGrain,
  sumFigures,
  type UsageReports,
  type UsageRow,
} from "@sluice/core"

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

export type Window = BurnWindow | SloWindow

/** By which rows a window is read: those of minutes are kept for a day, those of hours are fewer. */
const windows: Readonly<Record<Window, { readonly grain: "minute" | "hour"; readonly lengthMs: number }>> = {
  "5m": { grain: "minute", lengthMs: 5 * minuteMs },
  "30m": { grain: "minute", lengthMs: 30 * minuteMs },
  "1h": { grain: "minute", lengthMs: hourMs },
  "6h": { grain: "hour", lengthMs: 6 * hourMs },
  "1d": { grain: "hour", lengthMs: dayMs },
  "3d": { grain: "hour", lengthMs: 3 * dayMs },
  "7d": { grain: "hour", lengthMs: 7 * dayMs },
  "30d": { grain: "hour", lengthMs: 30 * dayMs },
}

/** Sums of one window, by route. */
export type FiguresByRoute = ReadonlyMap<string, Figures>

export interface WindowFiguresRequest {
  readonly reports: Pick<UsageReports, "buckets">
  readonly now: Date
  /** Null: all together. */
  readonly tenantId: string | null
  /** Null: all. */
  readonly route: string | null
  /** Beside those of burn rates. */
  readonly window?: SloWindow
}

/** The beginning of the first minute or hour that counts. */
export function startOfWindow(window: Window, now: Date): Date {
  const { grain, lengthMs } = windows[window]
  return startOfGrain(grain, new Date(now.getTime() - lengthMs))
}

/** What happened in each window, by two reads of rows that the books keep: of no job. */
export async function readWindowFigures(request: WindowFiguresRequest): Promise<(window: Window) => FiguresByRoute> {
  const { reports, now, tenantId, route, window = "1h" } = request
  const wanted = [...burnWindows, window]
  const rowsOf = async (grain: "minute" | "hour"): Promise<readonly UsageRow[]> => {
    const starts = wanted.filter((each) => windows[each].grain === grain).map((each) => startOfWindow(each, now).getTime())
    return await reports.buckets({ grain, tenantId: tenantId ?? allTenants, route, from: new Date(Math.min(...starts)) })
  }
  const [minute, hour] = await Promise.all([rowsOf("minute"), rowsOf("hour")])
  const rows = { minute, hour }
  const known = new Map<Window, FiguresByRoute>()
  return (asked) => {
    const from = startOfWindow(asked, now)
    const sums = known.get(asked) ?? sumByRoute(rows[windows[asked].grain].filter(({ at }) => at >= from))
    known.set(asked, sums)
    return sums
  }
}

export function sumByRoute(rows: readonly UsageRow[]): FiguresByRoute {
  const byRoute = Map.groupBy(rows, ({ route }) => route)
  return new Map(Array.from(byRoute, ([route, its]) => [route, sumFigures(its.map(({ figures }) => figures))]))
}
