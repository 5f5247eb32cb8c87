import type { ProcessEntry } from "@sluice/core"
import { withLogFields } from "@sluice/runtime"

/** Has every line that is logged while an entry is processed say which job it is, whatever code logs it. */
export function inLogContext(process: ProcessEntry): ProcessEntry {
  return (entry, signal) => withLogFields({ jobId: entry.id, run: entry.run, route: entry.route }, () => process(entry, signal))
}
