/**
 * What BullMQ's priorities mean here; it serves lower numbers first, and 0 before all others, which is never used. From
 * `firstStamp` on they are places in the fair line. The Lua scripts of the line know these numbers as well.
 */

/** Of an entry that was fetched once and handed back: it has waited its turn already. */
export const handedBackPriority = 1
/** Of an entry that waits for a set time: a worker decides about its place when it looks at it for the first time. */
export const duePriority = 2
/** The lowest place in line. */
export const firstStamp = 3
/** The highest number that BullMQ can order. */
export const maxStamp = 2_097_151
