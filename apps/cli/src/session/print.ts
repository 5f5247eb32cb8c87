import type { Listing } from "@sluice/client"
import { type ExitCode, exitCodes } from "../exit-codes.ts"
import { type Column, renderTable } from "../render/table.ts"
import type { Session } from "./session.ts"

/** One document: as JSON, or as people read it. */
export function printDocument<T>({ terminal, isJson }: Session, document: T, render: (document: T) => string): void {
  terminal.out(isJson ? JSON.stringify(document) : render(document))
}

export interface PrintListOptions<T> {
  readonly columns: readonly Column<T>[]
  /** Items at most. */
  readonly limit: number
  /** Said when there are none. */
  readonly empty: string
}

/** The beginning of a list: a line of JSON for each item, or a table. An empty list is no failure. */
export async function printListing<T>(session: Session, listing: Listing<T>, options: PrintListOptions<T>): Promise<ExitCode> {
  const { terminal, isJson } = session
  const { columns, limit, empty } = options
  const rows: T[] = []
  let hasMore = false
  for await (const item of listing) {
    if (rows.length === limit) {
      hasMore = true
      break
    }
    rows.push(item)
    if (isJson) terminal.out(JSON.stringify(item))
  }
  if (!isJson) printRows(session, { columns, rows, empty })
  if (hasMore) terminal.note(terminal.paint("dim", `These are the first ${limit}; --limit shows more.`))
  return exitCodes.ok
}

/** A table, or what to say when it would be empty. */
export function printRows<T>({ terminal }: Session, options: { columns: readonly Column<T>[]; rows: readonly T[]; empty: string }): void {
  const { columns, rows, empty } = options
  if (rows.length === 0) terminal.note(empty)
  else terminal.out(renderTable({ columns, rows, width: terminal.columns, paint: terminal.paint }))
}
