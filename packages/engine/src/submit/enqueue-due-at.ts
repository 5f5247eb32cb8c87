/** After so long without a claim a sweep looks whether the queue has the job. */
const enqueueGraceMs = 5_000
/** A job that is due later than this need not be in the queue yet: it is put there when its time is near. */
export const enqueueHorizonMs = 60_000

/** When a sweep has to look after a job that is put in line now, to be executed from `notBefore` on. */
export function enqueueDueAt({ now, notBefore }: { readonly now: Date; readonly notBefore: Date | null }): Date {
  const due = Math.max(now.getTime(), notBefore?.getTime() ?? 0)
  const isFarOff = due - now.getTime() > enqueueHorizonMs
  return new Date(isFarOff ? due - enqueueHorizonMs : due + enqueueGraceMs)
}
