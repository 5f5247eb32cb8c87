import { useSyncExternalStore } from "react"
import { formatAgo, formatDateTime, formatUtc } from "../format/time.ts"

export interface TimeProps {
  /** ISO 8601. */
  readonly at: string
  /** `ago`: how long ago it was. `full`: date and time in the viewer's zone. */
  readonly as?: "ago" | "full"
}

/** A moment in the viewer's zone; UTC on hover. */
export function Time({ at, as = "full" }: TimeProps) {
  const date = new Date(at)
  const title = `${formatDateTime(date)} · ${formatUtc(date)}`
  return (
    <time dateTime={at} title={title} className="nowrap">
      {as === "ago" ? <Ago date={date} /> : formatDateTime(date)}
    </time>
  )
}

function Ago({ date }: { readonly date: Date }) {
  const now = useNow()
  return formatAgo(now - date.getTime())
}

const tickMs = 5_000
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

/** The time, in steps of some seconds: one clock for all that show how long ago something was. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const one of listeners) one()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
