import { seededRandom } from "../lib/seeded-random.ts"
import type { FaultName } from "./faults.ts"

/** One fault at one time. */
export interface Strike {
  /** Since the beginning of the run. */
  readonly atMs: number
  readonly fault: FaultName
  /** From 0 to 1: which of several processes or providers it hits. */
  readonly pick: number
}

export interface StrikePlan {
  readonly seed: number
  readonly faults: readonly FaultName[]
  /** The first strike comes no earlier, the last no later. */
  readonly fromMs: number
  readonly untilMs: number
  /** How far the strikes lie apart on average; less where each fault would not get its turn otherwise. */
  readonly gapMs: number
}

/**
 * What strikes when: the same for the same seed. Faults come in shuffled rounds, so that each strikes about as often as any
 * other and at least once; each falls anywhere in its own slice of the time, so that long faults overlap with others.
 */
export function planStrikes({ seed, faults, fromMs, untilMs, gapMs }: StrikePlan): readonly Strike[] {
  const random = seededRandom(seed)
  const count = faults.length === 0 ? 0 : Math.max(faults.length, Math.floor((untilMs - fromMs) / gapMs))
  const gap = (untilMs - fromMs) / count
  const strikes: Strike[] = []
  let round: FaultName[] = []
  for (let index = 0; index < count; index += 1) {
    if (round.length === 0) round = shuffled(faults, random)
    const fault = round.pop()
    if (fault) strikes.push({ fault, atMs: Math.round(fromMs + gap * (index + random())), pick: random() })
  }
  return strikes
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    const [a, b] = [result[last], result[other]]
    if (a !== undefined && b !== undefined) [result[last], result[other]] = [b, a]
  }
  return result
}
