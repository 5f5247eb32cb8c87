import type { StatsWindow } from "@sluice/core"
import { stringsOf } from "../../app/strings-of.ts"

export interface OverviewSearch {
  readonly window?: string | undefined
  readonly route?: string | undefined
}

export const windowLabels: Readonly<Record<StatsWindow, string>> = {
  "15m": "15 minutes",
  "1h": "hour",
  "6h": "6 hours",
  "24h": "24 hours",
  "7d": "7 days",
}
const isWindow = (text: string): text is StatsWindow => Object.hasOwn(windowLabels, text)

export function overviewSearch(search: Record<string, unknown>): OverviewSearch {
  return stringsOf(search, ["window", "route"])
}

export function windowOf({ window = "" }: OverviewSearch): StatsWindow {
  return isWindow(window) ? window : "1h"
}
