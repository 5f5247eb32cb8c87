import { type FinalJob, jobId, type ResultPosition } from "@sluice/core"
import { wrongCursor } from "../../queries/wrong-cursor.ts"

/** Behind one result, in either order. Opaque to callers. */
export function encodeResultCursor({ finishedAt, id }: Pick<FinalJob, "finishedAt" | "id">): string {
  return Buffer.from(`${finishedAt.getTime()} ${id}`).toString("base64url")
}

/** Throws `validation_failed` for a cursor that was not made here. */
export function decodeResultCursor(cursor: string): ResultPosition {
  const [time = "", id] = Buffer.from(cursor, "base64url").toString("latin1").split(" ")
  const known = jobId.safeParse(id)
  const endedAt = new Date(Number(time))
  if (!known.success || Number.isNaN(endedAt.getTime())) throw wrongCursor()
  if (encodeResultCursor({ finishedAt: endedAt, id: known.data }) !== cursor) throw wrongCursor()
  return { endedAt, jobId: known.data }
}
