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

const errorPrefix = "error_"

/** In the rows of a grain finer than a day: how many runs ended for this reason, or calls failed with it. */
export function errorFigure(type: ErrorType): string {
  return `${errorPrefix}${type}`
}

/** What the figures count of each reason; those without any are not there. */
export function errorsIn(figures: Figures): Readonly<Record<string, number>> {
  const errors = Object.entries(figures).filter(([name, count]) => name.startsWith(errorPrefix) && count > 0)
  return Object.fromEntries(errors.map(([name, count]) => [name.slice(errorPrefix.length), count]))
}

const picoPerUsd = 1e12

export function toPicoUsd(usd: number): number {
  return Math.round(usd * picoPerUsd)
}

export function toUsd(picoUsd: number): number {
  return picoUsd / picoPerUsd
}

export function addFigures(a: Figures, b: Figures): Figures {
  return sumFigures([a, b])
}

/** In one go: adding them two by two would copy the hundreds of classes of histograms for each row. */
export function sumFigures(all: Iterable<Figures>): Figures {
  const sums = new Map<string, number>()
  for (const figures of all) for (const [name, value] of Object.entries(figures)) sums.set(name, (sums.get(name) ?? 0) + value)
  return Object.fromEntries(sums)
}
