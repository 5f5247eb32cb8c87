import { resolve } from "node:path"
import { type Client, createClient } from "@sluice/client"
import { UsageError } from "../errors/usage-error.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { Session } from "./session.ts"

/** What the process gives to every command. */
export interface CliContext {
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly fetch: typeof fetch
  readonly signal: AbortSignal
  readonly now: () => number
  /** The folder in which relative paths begin. */
  readonly folder: string
}

/** The options that every command has. */
export interface GlobalOptions {
  readonly url?: string
  readonly key?: string
  readonly tenant?: string
  readonly json?: boolean
}

export const defaultUrl = "http://127.0.0.1:3000"

export function openSession(context: CliContext, { url, key, tenant, json = false }: GlobalOptions): Session {
  const { environment, terminal, signal, now, fetch, folder } = context
  const address = url ?? (environment.SLUICE_URL || defaultUrl)
  let client: Client | null = null
  return {
    terminal: json ? { ...terminal, progress: silentProgress } : terminal,
    client() {
      client ??= connect({ url: address, key: key ?? keyIn(environment), tenant, fetch })
      return client
    },
    url: address,
    isJson: json,
    signal,
    now,
    environment,
    fetch,
    pathOf: (name) => resolve(folder, name),
  }
}

const silentProgress: Terminal["progress"] = async (tasks) => {
  await Promise.all(tasks.map(({ run }) => run(() => {})))
}

function keyIn({ SLUICE_API_KEY, SLUICE_ADMIN_KEY }: CliContext["environment"]): string | undefined {
  return SLUICE_API_KEY || SLUICE_ADMIN_KEY
}

interface Connection {
  readonly url: string
  readonly key: string | undefined
  readonly tenant: string | undefined
  readonly fetch: typeof fetch
}

function connect({ url, key, tenant, fetch }: Connection): Client {
  if (key === undefined) throw new UsageError("There is no API key. Set SLUICE_API_KEY (or SLUICE_ADMIN_KEY), or give --key.")
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new UsageError(`"${url}" is no address of an API. Expected http://HOST:PORT in SLUICE_URL or --url.`)
  }
  try {
    return createClient({ baseUrl: url, apiKey: key, tenant, fetch })
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error
  }
}
