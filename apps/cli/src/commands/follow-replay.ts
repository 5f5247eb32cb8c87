import type { ReplayResource } from "@sluice/core"
import { type ExitCode, exitCodes } from "../exit-codes.ts"
import { oneLine } from "../render/plain-text.ts"
import type { Session } from "../session/session.ts"
import { watchUntil } from "../session/watch-until.ts"

/** Watches a replay until it ends; it goes on when nobody watches. Exits with 1 when runs failed again. */
export async function followReplay(session: Session, started: ReplayResource, { isDetached }: { isDetached: boolean }): Promise<ExitCode> {
  const { terminal, isJson, client, signal } = session
  const hint = `It goes on by itself: sluice replays show ${started.id}; to stop it: sluice replays cancel ${started.id}`
  if (isDetached) {
    terminal.out(isJson ? JSON.stringify(started) : (started.id ?? ""))
    if (!isJson) terminal.note(hint)
    return exitCodes.ok
  }
  const look = ({ id }: ReplayResource) => client().replays.get(id ?? "", { signal })
  const isOver = ({ status }: ReplayResource) => status !== "running"
  const ended = await watchUntil(session, { started, look, isOver, describe: replayText }).catch((error: unknown) => {
    terminal.note(hint)
    throw error
  })
  terminal.out(isJson ? JSON.stringify(ended) : replayText(ended))
  if (!isJson && ended.hint !== null) terminal.note(oneLine(ended.hint))
  return ended.failed === 0 && ended.status !== "cancelled" ? exitCodes.ok : exitCodes.failed
}

/** `rpl_1 running: 1,240 of 5,000 requeued, 1,180 succeeded, 3 failed`. */
export function replayText({ id, status, matched, requeued, succeeded, failed, cancelled, skipped }: ReplayResource): string {
  const counts: readonly (readonly [string, number])[] = [
    ["succeeded", succeeded],
    ["failed", failed],
    ["cancelled", cancelled],
    ["skipped", skipped],
  ]
  const others = counts.flatMap(([name, count]) => (count > 0 ? [`, ${count.toLocaleString("en")} ${name}`] : []))
  return `${id} ${status}: ${requeued.toLocaleString("en")} of ${matched.toLocaleString("en")} requeued${others.join("")}`
}
