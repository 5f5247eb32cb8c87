import { startDeadline } from "../connection/start-deadline.ts"

/** Whether the work ends, well or badly, within `ms`. */
export async function settlesWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const expired = Promise.withResolvers<boolean>()
  const cancelDeadline = startDeadline(ms, () => expired.resolve(false))
  const settled = work.then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([settled, expired.promise])
  } finally {
    cancelDeadline()
  }
}
