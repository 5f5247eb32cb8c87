import type { JobStatus } from "@sluice/core"
import { Chip, type Tone } from "./chip.tsx"
import type { IconName } from "./icon.tsx"

const looks: Readonly<Record<JobStatus, { readonly tone: Tone; readonly icon: IconName }>> = {
  queued: { tone: "quiet", icon: "ring" },
  running: { tone: "accent", icon: "half" },
  succeeded: { tone: "good", icon: "check" },
  failed: { tone: "bad", icon: "cross" },
  cancelled: { tone: "quiet", icon: "slash" },
  expired: { tone: "warn", icon: "clock" },
}

export function JobStatusChip({ status }: { readonly status: JobStatus }) {
  return <Chip {...looks[status]}>{status}</Chip>
}
