/** What the reconciler mends, by kind. */
export const repairKinds = [
  /** Put in the queue: its time was near, or nobody had done so. */
  "enqueued",
  /** Put in the queue after that had lost its memory. */
  "rebuilt",
  /** Found missing in the queue, or in no line of it, by the scrub. */
  "requeued",
  /** Put back in line after its worker was lost. */
  "rescued",
  /** Failed as `worker_lost`. */
  "lost",
  "expired",
  /** Its route is not in the configuration. */
  "parked",
  /** Its route is back. */
  "unparked",
  /** Waited for a budget that was changed. */
  "resumed",
  /** Removed after its retention. */
  "retired",
] as const
export type RepairKind = (typeof repairKinds)[number]
