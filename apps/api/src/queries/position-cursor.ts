import { type DeadLetterPosition, deadLetterId } from "@sluice/core"
import { wrongCursor } from "./wrong-cursor.ts"

const separator = " "

/** Where the next page of a list that is ordered by time begins. Opaque to callers. */
export function encodePosition({ createdAt, id }: DeadLetterPosition): string {
  return Buffer.from(createdAt.toISOString() + separator + id).toString("base64url")
}

/** Throws `validation_failed` for a cursor that was not made here. */
export function decodePosition(cursor: string): DeadLetterPosition {
  const [time = "", id] = Buffer.from(cursor, "base64url").toString("latin1").split(separator)
  const createdAt = new Date(time)
  const known = deadLetterId.safeParse(id)
  if (!known.success || Number.isNaN(createdAt.getTime())) throw wrongCursor()
  const position = { createdAt, id: known.data }
  if (encodePosition(position) !== cursor) throw wrongCursor()
  return position
}
