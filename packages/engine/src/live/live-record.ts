import type { AttemptResource, AttemptStart, JobResource, LiveUpdate, RunningJob } from "@sluice/core"

/** How much of a record a reader has been told. */
interface Told {
  readonly change: number
  readonly attempt: number
  readonly offset: number
}

/** One execution, as far as it may be told. */
export interface LiveRecord {
  readonly jobId: string
  readonly isHandedBack: boolean
  attemptStarted(attempt: AttemptStart): void
  wrote(attempt: number, piece: string): void
  attemptEnded(attempt: AttemptResource): void
  handedBack(waiting: JobResource["waiting"]): void
  /** What this reader has not been told, and of the text no more than so many characters; null: nothing. It counts as told. */
  newsFor(reader: string, maxChars: number): { readonly update: LiveUpdate; readonly isAll: boolean } | null
  /** This reader has been told nothing. */
  forget(reader: string): void
}

export function createLiveRecord({ id, run, claim, startedAt }: RunningJob): LiveRecord {
  const told = new Map<string, Told>()
  const attempts: AttemptResource[] = []
  let current: AttemptStart | null = null
  let handedBack: LiveUpdate["handedBack"]
  let text = { attempt: 0, value: "" }
  /** Counts all changes but those of the text. */
  let change = 0

  const state = (): Partial<LiveUpdate> => ({
    startedAt: startedAt?.toISOString() ?? null,
    attempts: [...attempts],
    current,
    ...(handedBack && { handedBack }),
  })

  return {
    jobId: id,
    get isHandedBack() {
      return handedBack !== undefined
    },
    attemptStarted(attempt) {
      current = attempt
      change += 1
    },
    wrote(attempt, piece) {
      text = text.attempt === attempt ? { attempt, value: text.value + piece } : { attempt, value: piece }
    },
    attemptEnded(attempt) {
      attempts.push(attempt)
      current = null
      change += 1
    },
    handedBack(waiting) {
      handedBack = { waiting }
      current = null
      change += 1
    },
    newsFor(reader, maxChars) {
      const before = told.get(reader) ?? { change: -1, attempt: 0, offset: 0 }
      const from = before.attempt === text.attempt ? before.offset : 0
      const whole = wholeCharacters(text.value)
      const to = Math.min(whole, from + maxChars)
      const isNews = before.change < change
      if (!isNews && to <= from) return null
      told.set(reader, { change, attempt: text.attempt, offset: Math.max(from, to) })
      const piece = to > from ? { attempt: text.attempt, offset: from, piece: text.value.slice(from, to) } : undefined
      const update = { jobId: id, run, execution: claim.token, ...(isNews && state()), ...(piece && { text: piece }) }
      return { update, isAll: to >= whole }
    },
    forget: (reader) => void told.delete(reader),
  }
}

/** Half of a character that needs two units waits for its other half. */
function wholeCharacters(text: string): number {
  return (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800 ? text.length - 1 : text.length
}
