import type { JobStatus } from "@sluice/core"

export function isFinalStatus(status: JobStatus): boolean {
  return status !== "queued" && status !== "running"
}
