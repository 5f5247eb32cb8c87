import { randomBytes } from "node:crypto"
import { isIP } from "node:net"

/** The process cannot start as it is set up; the message says what to change. */
export class StartError extends Error {
  constructor(message: string) {
    super(message)
    this.name = "StartError"
  }
}

export interface AdminKeyOptions {
  readonly adminKey: string | null
  readonly isDevelopment: boolean
  /** Where the API is to listen. */
  readonly host: string
  readonly newKey?: () => string
}

export interface AdminKey {
  readonly key: string
  /** Made here, so that someone has to be told. */
  readonly isNew: boolean
}

/** The key that the API accepts. Throws `StartError` when there is none and none may be made. */
export function adminKeyOf({ adminKey, isDevelopment, host, newKey = randomKey }: AdminKeyOptions): AdminKey {
  if (adminKey !== null) return { key: adminKey, isNew: false }
  if (!isDevelopment) {
    throw new StartError(
      "The API has no key that it could accept. Set SLUICE_ADMIN_KEY to a long random text that begins with sk_, or, for development on this machine, SLUICE_DEV=1.",
    )
  }
  if (!isLoopback(host)) {
    throw new StartError(
      `SLUICE_DEV=1 makes a key only where nobody else can reach the API, and HOST is ${host}. Set SLUICE_ADMIN_KEY, or HOST to 127.0.0.1.`,
    )
  }
  return { key: newKey(), isNew: true }
}

function randomKey(): string {
  return `sk_${randomBytes(24).toString("base64url")}`
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."))
}
