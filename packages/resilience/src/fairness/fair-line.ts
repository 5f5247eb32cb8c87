import { virtualTimePerStamp } from "./fair-step.ts"

export interface FairEntry {
  readonly id: string
  /** Whose share it uses. */
  readonly flow: string
  /** How far it moves its flow ahead; see `fairStep`. */
  readonly step: number
}

/** What waits for a worker, in fair order. */
export interface FairLine {
  /** Puts an entry in line. One that is in line already stays where it is and costs its flow nothing. */
  add(entry: FairEntry): void
  /** An entry whose set time has come: its place in line is decided when a worker looks at it for the first time. */
  comeDue(entry: FairEntry): void
  /** An entry that was fetched before stands in front of all others: it has waited its turn. */
  handBack(entry: FairEntry): void
  /** Takes a waiting entry out. One that has a place in line gives its flow the step back. */
  remove(id: string): void
  /** The next entry to be worked on, or null. */
  fetch(): FairEntry | null
  /** How many entries wait. */
  size(): number
}

interface Placed {
  readonly entry: FairEntry
  /** In virtual time. */
  readonly start: number
  readonly arrival: number
}

function stampOf(start: number): number {
  return Math.floor(start / virtualTimePerStamp)
}

function isBefore(one: Placed, other: Placed): boolean {
  const difference = stampOf(one.start) - stampOf(other.start)
  return difference < 0 || (difference === 0 && one.arrival < other.arrival)
}

/**
 * Start-time fair queuing (Goyal, Vin, Cheng, SIGCOMM 1996). An entry starts at the virtual time, or where its flow's last
 * entry ends if that is later; the earliest start is served first and sets the virtual time. An entry of a flow that has
 * nothing in line therefore waits for at most one entry of each other flow whose step is a stamp or more. When nothing stands
 * in line all flows start anew.
 *
 * These are the rules on their own. The queue follows them in Redis, where stamps are bounded and counted from a base.
 */
export function createFairLine(): FairLine {
  const handedBack: FairEntry[] = []
  const due: FairEntry[] = []
  const placed = new Map<string, Placed>()
  const finishes = new Map<string, number>()
  let virtualTime = 0
  let arrivals = 0

  /** Where the entry starts; its flow's next starts a step later. */
  const charge = ({ flow, step }: FairEntry): number => {
    if (placed.size === 0) finishes.clear()
    const start = Math.max(virtualTime, finishes.get(flow) ?? 0)
    finishes.set(flow, start + step)
    return start
  }
  const place = (entry: FairEntry, start: number): void => {
    arrivals += 1
    placed.set(entry.id, { entry, start, arrival: arrivals })
  }
  const first = (): Placed | undefined => {
    let earliest: Placed | undefined
    for (const candidate of placed.values()) {
      if (earliest === undefined || isBefore(candidate, earliest)) earliest = candidate
    }
    return earliest
  }
  const fetchPlaced = (): FairEntry | null => {
    const next = first()
    if (next === undefined) return null
    placed.delete(next.entry.id)
    virtualTime = Math.max(virtualTime, next.start)
    return next.entry
  }
  /** Whether it may be worked on at once, since nothing in line stands before it; otherwise it gets its place. */
  const passes = (entry: FairEntry): boolean => {
    const start = charge(entry)
    const next = first()
    if (next !== undefined && stampOf(next.start) <= stampOf(start)) {
      place(entry, start)
      return false
    }
    virtualTime = start
    return true
  }
  const fetchDue = (): FairEntry | null => {
    const entry = due.shift()
    if (entry === undefined) return null
    return passes(entry) ? entry : fetchDue()
  }
  const removePlaced = (id: string): void => {
    const found = placed.get(id)
    if (found === undefined) return
    placed.delete(id)
    const { flow, step } = found.entry
    finishes.set(flow, (finishes.get(flow) ?? 0) - step)
  }
  return {
    add: (entry) => {
      if (!placed.has(entry.id)) place(entry, charge(entry))
    },
    comeDue: (entry) => void due.push(entry),
    handBack: (entry) => void handedBack.push(entry),
    remove: (id) => {
      removePlaced(id)
      for (const list of [handedBack, due]) {
        const at = list.findIndex((entry) => entry.id === id)
        if (at >= 0) list.splice(at, 1)
      }
    },
    fetch: () => handedBack.shift() ?? fetchDue() ?? fetchPlaced(),
    size: () => handedBack.length + due.length + placed.size,
  }
}
