import type { Alert, Notice } from "./alert.ts"

const firstPauseMs = 5_000
const maxPauseMs = 600_000
const giveUpAfterMs = 86_400_000

export type NoticeResult =
  | { readonly ok: true }
  /** `retryAfterMs`: as the channel asked. */
  | { readonly ok: false; readonly error: string; readonly retryAfterMs: number | null }

/** Takes a try before it is made: who comes meanwhile, or after a crash, makes the next one and not the same. */
export function beginTry(alert: Alert, id: string, at: Date): Alert {
  return change(alert, id, (notice) => ({
    ...notice,
    tries: notice.tries + 1,
    nextTryAt: new Date(at.getTime() + pauseAfter(notice.tries + 1)),
  }))
}

/** Notes what came of a try. A channel that has been down for a day is given up for this message. */
export function endTry(alert: Alert, id: string, { result, at }: { readonly result: NoticeResult; readonly at: Date }): Alert {
  return change(alert, id, (notice) => {
    if (result.ok) return { ...notice, sentAt: at, nextTryAt: null, error: null }
    // It was overtaken while it was on its way.
    if (notice.nextTryAt === null) return notice
    const nextTryAt = new Date(at.getTime() + Math.max(pauseAfter(notice.tries), result.retryAfterMs ?? 0))
    const isOver = nextTryAt.getTime() - notice.createdAt.getTime() > giveUpAfterMs
    return { ...notice, error: result.error, nextTryAt: isOver ? null : nextTryAt }
  })
}

/** Doubles with each try. */
function pauseAfter(tries: number): number {
  return Math.min(maxPauseMs, firstPauseMs * 2 ** (tries - 1))
}

function change(alert: Alert, id: string, to: (notice: Notice) => Notice): Alert {
  return { ...alert, notices: alert.notices.map((notice) => (notice.id === id ? to(notice) : notice)) }
}
