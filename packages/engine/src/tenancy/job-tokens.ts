import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto"
import type { Clock } from "@sluice/core"

export interface JobTokensOptions {
  /** Known to all API processes, e.g. the admin key: what signs is derived from it, and tells nothing of it. */
  readonly secret: string
  readonly clock: Clock
  /** Default 15 min. */
  readonly ttlMs?: number
}

export interface JobTokenSubject {
  readonly tenantId: string
  readonly jobId: string
}

export interface JobToken {
  readonly text: string
  readonly expiresAt: Date
}

export type TokenVerdict =
  | ({ readonly kind: "valid"; readonly expiresAt: Date } & JobTokenSubject)
  | { readonly kind: "expired" }
  | { readonly kind: "unknown" }

/** Tokens that let a browser read one job for a short time. They are not stored: the signature says all. */
export interface JobTokens {
  issue(subject: JobTokenSubject): JobToken
  verify(text: string): TokenVerdict
}

export const jobTokenPrefix = "jt_"
const defaultTtlMs = 900_000
const signingKeyBytes = 32
const form = /^jt_([0-9a-f]{32})\.([a-z0-9_-]{1,64})\.([0-9]{10,12})\.([\w-]{43})$/

export function createJobTokens({ secret, clock, ttlMs = defaultTtlMs }: JobTokensOptions): JobTokens {
  const signingKey = Buffer.from(hkdfSync("sha256", secret, "", "sluice job tokens, version 1", signingKeyBytes))
  const signatureOf = (claims: string): Buffer => createHmac("sha256", signingKey).update(claims).digest()
  return {
    issue({ tenantId, jobId }) {
      const expiresAtSeconds = Math.floor((clock().getTime() + ttlMs) / 1_000)
      const claims = `${jobTokenPrefix}${jobId.slice("job_".length)}.${tenantId}.${expiresAtSeconds}`
      return { text: `${claims}.${signatureOf(claims).toString("base64url")}`, expiresAt: new Date(expiresAtSeconds * 1_000) }
    },
    verify(text) {
      const [, job, tenantId = "", seconds, signature = ""] = form.exec(text) ?? []
      if (job === undefined) return { kind: "unknown" }
      const isGenuine = timingSafeEqual(Buffer.from(signature, "base64url"), signatureOf(text.slice(0, text.lastIndexOf("."))))
      if (!isGenuine) return { kind: "unknown" }
      const expiresAt = new Date(Number(seconds) * 1_000)
      return expiresAt <= clock() ? { kind: "expired" } : { kind: "valid", tenantId, jobId: `job_${job}`, expiresAt }
    },
  }
}
