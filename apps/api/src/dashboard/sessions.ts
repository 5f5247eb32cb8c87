import { hkdfSync } from "node:crypto"
import type { Clock } from "@sluice/core"
import { EncryptJWT, jwtDecrypt } from "jose"

export interface DashboardSessionsOptions {
  /** Known to all API processes, e.g. the admin key: what encrypts is derived from it. Sessions end when it changes. */
  readonly secret: string
  readonly clock: Clock
}

export interface DashboardSession {
  /** The API key that was signed in with. */
  readonly key: string
  readonly expiresAt: Date
}

/**
 * Sessions of browsers. They are not stored: the cookie holds the API key itself, encrypted (JWE, RFC 7516, A256GCM), so that each call is
 * checked as if it had brought the key, and a key that is revoked or loses a scope takes its sessions with it.
 */
export interface DashboardSessions {
  seal(session: DashboardSession): Promise<string>
  /** Null when it is none of ours, or over. */
  open(text: string): Promise<DashboardSession | null>
}

const keyBytes = 32

export function createDashboardSessions({ secret, clock }: DashboardSessionsOptions): DashboardSessions {
  const encryptionKey = new Uint8Array(hkdfSync("sha256", secret, "", "sluice dashboard sessions, version 1", keyBytes))
  return {
    seal({ key, expiresAt }) {
      const jwt = new EncryptJWT({ key }).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).setExpirationTime(expiresAt)
      return jwt.encrypt(encryptionKey)
    },
    async open(text) {
      try {
        const { payload } = await jwtDecrypt(text, encryptionKey, {
          currentDate: clock(),
          keyManagementAlgorithms: ["dir"],
          contentEncryptionAlgorithms: ["A256GCM"],
          requiredClaims: ["exp"],
        })
        const { key, exp = 0 } = payload
        return typeof key === "string" ? { key, expiresAt: new Date(exp * 1_000) } : null
      } catch {
        return null
      }
    },
  }
}
