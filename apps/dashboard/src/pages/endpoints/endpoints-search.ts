import { type StatsWindow, statsWindows } from "@sluice/core"
import { type Strings, stringsOf } from "../../app/strings-of.ts"

export type EndpointsSearch = Strings<"window">

export function endpointsSearch(search: Record<string, unknown>): EndpointsSearch {
  return stringsOf(search, ["window"])
}

/** How far back is looked; what an address says that it cannot mean is an hour. */
export function windowOf({ window }: EndpointsSearch): StatsWindow {
  return statsWindows.find((one) => one === window) ?? "1h"
}

const minuteMs = 60_000

export const windowMs: Readonly<Record<StatsWindow, number>> = {
  "15m": 15 * minuteMs,
  "1h": 60 * minuteMs,
  "6h": 360 * minuteMs,
  "24h": 1_440 * minuteMs,
  "7d": 10_080 * minuteMs,
}

export const windowNames: Readonly<Record<StatsWindow, string>> = {
  "15m": "15 minutes",
  "1h": "hour",
  "6h": "6 hours",
  "24h": "24 hours",
  "7d": "7 days",
}
