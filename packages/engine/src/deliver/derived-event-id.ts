import { createHash } from "node:crypto"

const timeHexDigits = 12
const idHexDigits = 32

/**
 * The id of an event that is in no outbox, made from what it is about: raised twice it is the same event, and reaches each
 * receiver through one delivery. Ids of later events sort later, as those of `newEventId` do.
 */
export function derivedEventId({ at, about }: { readonly at: Date; readonly about: readonly string[] }): string {
  const time = at.getTime().toString(16).padStart(timeHexDigits, "0")
  const digest = createHash("sha256").update(JSON.stringify(about)).digest("hex")
  return `evt_${`${time}${digest}`.slice(0, idHexDigits)}`
}
