import type { Job } from "bullmq"
import type { ErrorReporter } from "../connection/error-reporter.ts"
import { reasonOf } from "../connection/reason-of.ts"
import { duePriority, firstStamp } from "../queue/bull-priority.ts"
import type { FairLine } from "./fair-line.ts"
import { parseLineData } from "./line-data.ts"
import { createVirtualClock } from "./virtual-clock.ts"

export interface LineAttendant {
  /**
   * Does what the fair line asks of a worker that fetched an entry. Resolves whether the entry is to be worked on now;
   * otherwise it has left the worker. Never rejects.
   */
  receive(job: Pick<Job, "id" | "data" | "priority">, token: string): Promise<boolean>
}

/** Attends to the line of a route at the worker's end. */
export function createLineAttendant(options: {
  readonly route: string
  readonly line: Pick<FairLine, "advance" | "arrive">
  readonly reporter: ErrorReporter
}): LineAttendant {
  const { route, line, reporter } = options
  const clock = createVirtualClock(line.advance)
  return {
    receive: async ({ id = "", data, priority }, token) => {
      const place = parseLineData(data)
      if (place === null) return true
      if (priority >= firstStamp && place.start !== null) clock.observe(place.start)
      if (priority !== duePriority) return true
      try {
        return (await line.arrive({ id, flow: place.flow, step: place.step }, token)) === "goes_on"
      } catch (error) {
        reporter.reportAs(`Entry ${id} of route ${route} got no place in line and is worked on at once: ${reasonOf(error)}.`, error)
        return true
      }
    },
  }
}
