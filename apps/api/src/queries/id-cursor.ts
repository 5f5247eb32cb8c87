import { wrongCursor } from "./wrong-cursor.ts"

export interface IdCursor {
  /** Where the page after this id begins. Opaque to callers. */
  encode(lastId: string): string
  /** Throws `validation_failed` for a cursor that was not made here. */
  decode(cursor: string): string
}

const version = "1:"

/** The cursors of a list that is ordered by ids of one kind, such as `rpl_`. */
export function createIdCursor(prefix: string): IdCursor {
  const pattern = new RegExp(`^${prefix}[0-9a-f]{32}$`)
  const encode = (lastId: string): string => Buffer.from(version + lastId).toString("base64url")
  return {
    encode,
    decode(cursor) {
      const id = Buffer.from(cursor, "base64url").toString("latin1").slice(version.length)
      if (!pattern.test(id) || encode(id) !== cursor) throw wrongCursor()
      return id
    },
  }
}
