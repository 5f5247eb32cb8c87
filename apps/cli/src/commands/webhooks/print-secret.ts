import type { WebhookEndpointResource } from "@sluice/core"
import { printDocument } from "../../session/print.ts"
import type { Session } from "../../session/session.ts"

/** The secret alone on standard output, so that it can be piped where it is kept. */
export function printSecret(session: Session, endpoint: WebhookEndpointResource): void {
  printDocument(session, endpoint, ({ secret = "" }) => secret)
  if (!session.isJson) session.terminal.note(`This is the secret of ${endpoint.id}. It is not shown again.`)
}
