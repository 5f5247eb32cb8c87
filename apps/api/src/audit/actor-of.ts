import type { Response } from "express"

/** Who calls, as the audit log and the replays name them. Until keys have names of their own there is only one. */
export function actorOf(_response: Response): string {
  return "admin"
}
