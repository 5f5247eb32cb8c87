import type { JobStatus } from "@sluice/core"
import type { Style } from "../terminal/terminal.ts"

const styles: Readonly<Record<JobStatus, Style>> = {
  queued: "cyan",
  running: "cyan",
  succeeded: "green",
  failed: "red",
  cancelled: "dim",
  expired: "red",
}

export function styleOf(status: JobStatus): Style {
  return styles[status]
}
