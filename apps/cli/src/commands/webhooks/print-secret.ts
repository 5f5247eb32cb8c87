import { printDocument } from "../../session/print.ts"
import type { Session } from "../../session/session.ts"

export interface ShownSecret {
  readonly document: { readonly secret?: string | undefined }
  /** Whose it is. */
  readonly of: string
}

/** The secret alone on standard output, so that it can be piped where it is kept. */
export function printSecret(session: Session, { document, of }: ShownSecret): void {
  printDocument(session, document, ({ secret = "" }) => secret)
  if (!session.isJson) session.terminal.note(`This is the secret of ${of}. It is not shown again.`)
}
