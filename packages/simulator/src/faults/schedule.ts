import { type OutcomeKind, outcomeDescriptions } from "./outcome.ts"
import { seededFraction } from "./seeded-fraction.ts"

/** Chance of each outcome, from 0 to 1. What is left to 1 is `ok`. */
export type Rates = { readonly [kind in OutcomeKind]?: number }

/** Tells what becomes of call number `position` (1, 2, ..): a pure function of the seed and the position. */
export type Schedule = (position: number) => OutcomeKind

/** Outcomes in the order in which rates are laid end to end. */
export const outcomeKinds: readonly OutcomeKind[] = Object.keys(outcomeDescriptions).filter(isOutcomeKind)

function isOutcomeKind(name: string): name is OutcomeKind {
  return Object.hasOwn(outcomeDescriptions, name)
}

/** The sum of rates; a schedule needs at most 1. */
export function totalRate(rates: Rates): number {
  return outcomeKinds.reduce((total, kind) => total + (rates[kind] ?? 0), 0)
}

/** A schedule that gives each outcome with the chance that `rates` names. */
export function createSchedule({ seed, rates }: { seed: number; rates: Rates }): Schedule {
  const slices: { kind: OutcomeKind; end: number }[] = []
  let end = 0
  for (const kind of outcomeKinds) {
    const rate = rates[kind] ?? 0
    if (rate === 0) continue
    end += rate
    slices.push({ kind, end })
  }
  return (position) => {
    const fraction = seededFraction(seed, position, "outcome")
    return slices.find((slice) => fraction < slice.end)?.kind ?? "ok"
  }
}
