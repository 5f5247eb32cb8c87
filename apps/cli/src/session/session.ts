import type { Client } from "@sluice/client"
import type { Terminal } from "../terminal/terminal.ts"

/** What every command works with. */
export interface Session {
  readonly terminal: Terminal
  /** Throws `UsageError` when there is no key or the address is none: not every command needs them. */
  client(): Client
  /** Where the API is expected. */
  readonly url: string
  /** The user wants the API's JSON as it is. */
  readonly isJson: boolean
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  readonly now: () => number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly fetch: typeof fetch
  /** An absolute path: relative ones begin where the user is. */
  pathOf(name: string): string
}
