import type { Response } from "express"

/** Who calls, as the audit log and the replays name it: `admin`, or the id of a key. */
export function actorOf(response: Response): string {
  return response.locals.principal.actor
}
