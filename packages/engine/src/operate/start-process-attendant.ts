import { hostname } from "node:os"
import type { LogLevel, ProcessKind, ProcessReport } from "@sluice/core"
import { runPeriodically } from "../sweep/run-periodically.ts"
import { createProcessAttendant, type ProcessAttendantDependencies } from "./process-attendant.ts"

/** What the process logs, which may be changed while it runs. */
export interface ProcessLevels {
  readonly configured: LogLevel
  current(): LogLevel
  heed: ProcessAttendantDependencies["heedLogLevel"]
  /** For this process alone. */
  toggle(): void
}

export interface StartProcessAttendantOptions extends Pick<ProcessAttendantDependencies, "control" | "makeProfile" | "onError"> {
  readonly id: string
  readonly kind: ProcessKind
  readonly levels: ProcessLevels
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

/** Orders reach the process within twice this time. */
const everyMs = 900

/** Has this process heed what operators order while it runs: through `control`, and by SIGUSR2 for what is logged. `close` after the signal. */
export function startProcessAttendant(options: StartProcessAttendantOptions): { close(): Promise<void> } {
  const { id, kind, control, levels, makeProfile, onError, signal } = options
  const own = { id, kind, host: hostname(), pid: process.pid, startedAt: new Date(), configuredLogLevel: levels.configured }
  const tick = createProcessAttendant({
    control,
    describe: (): ProcessReport => ({ ...own, logLevel: levels.current() }),
    heedLogLevel: levels.heed,
    makeProfile,
    onError,
  })
  process.on("SIGUSR2", levels.toggle)
  const attending = runPeriodically(tick, { everyMs, signal, onError })
  return {
    async close() {
      process.off("SIGUSR2", levels.toggle)
      await attending
      await control.leave(id).catch(onError)
    },
  }
}
