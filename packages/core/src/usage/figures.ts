import type { ErrorType } from "../errors/error-type.ts"

/** Numbers by name; one that is not there is 0. All are whole, so that sums do not depend on the order in which they are made. */
export type Figures = Readonly<Record<string, number>>

/** What a day's row counts. Costs are in units of 10^-12 USD: whole numbers, exact up to 9,007 USD a row, to 16 digits beyond. */
export const usageFigures = [
  "jobs",
  "degradedJobs",
  "cachedJobs",
  "calls",
  "unpricedCalls",
  "inputTokens",
  "cachedInputTokens",
  "outputTokens",
  "images",
  "costPicoUsd",
] as const
export type UsageFigure = (typeof usageFigures)[number]

/** In the rows of a grain finer than a day: how many runs ended for this reason. */
export function errorFigure(type: ErrorType): string {
  return `error_${type}`
}

const picoPerUsd = 1e12

export function toPicoUsd(usd: number): number {
  return Math.round(usd * picoPerUsd)
}

export function toUsd(picoUsd: number): number {
  return picoUsd / picoPerUsd
}

export function addFigures(a: Figures, b: Figures): Figures {
  const sum: Record<string, number> = { ...a }
  for (const [name, value] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + value
  return sum
}
