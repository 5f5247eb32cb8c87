export interface PhaseOptions {
  /** Begins each line: "DocumentDB". */
  title: string
  report: (line: string) => void
  /** A phase that lasts longer is said again. */
  repeatMs?: number
}

const REPEAT_MS = 10_000

/** Runs work that goes through phases, and says each with the seconds since the beginning, again and again while it lasts. */
export async function withPhases<T>(
  { title, report, repeatMs = REPEAT_MS }: PhaseOptions,
  work: (onPhase: (phase: string) => void) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now()
  let repeat: NodeJS.Timeout | undefined
  const onPhase = (phase: string) => {
    const say = () => report(`${title}: ${phase} (${Math.round((performance.now() - startedAt) / 1000)} s)`)
    clearInterval(repeat)
    repeat = setInterval(say, repeatMs)
    say()
  }
  try {
    return await work(onPhase)
  } finally {
    clearInterval(repeat)
  }
}
