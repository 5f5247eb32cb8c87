import type { IdCursor } from "./id-cursor.ts"
import { wrongCursor } from "./wrong-cursor.ts"

const version = "1:"
const name = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/

/** The cursors of a list that is ordered by name. */
export function createNameCursor(): IdCursor {
  const encode = (last: string): string => Buffer.from(version + last).toString("base64url")
  return {
    encode,
    decode(cursor) {
      const last = Buffer.from(cursor, "base64url").toString("latin1").slice(version.length)
      if (!name.test(last) || encode(last) !== cursor) throw wrongCursor()
      return last
    },
  }
}
