/** Who may write to a collection together: many who share it, or one who has it alone. */
export interface WriteGate {
  /** Runs together with others that share the collection. */
  shared<T>(collection: string, work: () => Promise<T>): Promise<T>
  /** Runs alone: after those that are in, before those that come later. */
  alone<T>(collection: string, work: () => Promise<T>): Promise<T>
}

type Mode = "shared" | "alone"

interface Lane {
  inside: number
  isAlone: boolean
  /** First come, first served, so that who wants to be alone is not starved. */
  waiting: { mode: Mode; enter: () => void }[]
}

export function createWriteGate(): WriteGate {
  const lanes = new Map<string, Lane>()

  function enter(lane: Lane, mode: Mode): Promise<void> | undefined {
    if (lane.waiting.length === 0 && mayEnter(lane, mode)) {
      admit(lane, mode)
      return undefined
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    lane.waiting.push({ mode, enter: resolve })
    return promise
  }

  function leave(collection: string, lane: Lane): void {
    lane.inside--
    lane.isAlone = false
    for (let next = lane.waiting[0]; next && mayEnter(lane, next.mode); next = lane.waiting[0]) {
      lane.waiting.shift()
      admit(lane, next.mode)
      next.enter()
    }
    if (lane.inside === 0) lanes.delete(collection)
  }

  async function run<T>(collection: string, mode: Mode, work: () => Promise<T>): Promise<T> {
    const lane = lanes.get(collection) ?? { inside: 0, isAlone: false, waiting: [] }
    lanes.set(collection, lane)
    await enter(lane, mode)
    try {
      return await work()
    } finally {
      leave(collection, lane)
    }
  }

  return {
    shared: (collection, work) => run(collection, "shared", work),
    alone: (collection, work) => run(collection, "alone", work),
  }
}

function mayEnter(lane: Lane, mode: Mode): boolean {
  return mode === "alone" ? lane.inside === 0 : !lane.isAlone
}

function admit(lane: Lane, mode: Mode): void {
  lane.inside++
  lane.isAlone = mode === "alone"
}
