import type { RandomBytes } from "./job-id.ts"
import { newJobId } from "./job-id.ts"

const maxCounter = 0xfff
const counterFrom = "job_".length + 13

/**
 * Makes job ids that sort in the order in which they were made, also within a millisecond: a counter stands where other ids
 * have 12 random bits, and borrows from the next millisecond when it is used up (RFC 9562, 6.2, method 1). 62 bits stay random.
 */
export function createOrderedJobIds(options: { readonly random?: RandomBytes } = {}): (at: Date) => string {
  let lastMs = 0
  let counter = 0
  return (at) => {
    const isLater = at.getTime() > lastMs
    counter = isLater ? 0 : counter + 1
    if (isLater) lastMs = at.getTime()
    if (counter > maxCounter) {
      counter = 0
      lastMs += 1
    }
    const id = newJobId({ at: new Date(lastMs), ...options })
    return id.slice(0, counterFrom) + counter.toString(16).padStart(3, "0") + id.slice(counterFrom + 3)
  }
}
