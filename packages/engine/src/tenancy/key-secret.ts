import { hash, randomBytes } from "node:crypto"

export interface NewKeySecret {
  /** What the caller sends. Told once, never stored. */
  readonly text: string
  readonly hash: string
  readonly hint: string
}

const randomByteCount = 32
const hintLength = 9
const pattern = /^sk_[\w-]{20,200}$/

/** A secret of 256 random bits, so that a plain SHA-256 of it cannot be guessed back. */
export function newKeySecret(): NewKeySecret {
  const text = `sk_${randomBytes(randomByteCount).toString("base64url")}`
  return { text, hash: hashOfKey(text), hint: text.slice(0, hintLength) }
}

export function hashOfKey(text: string): string {
  return hash("sha256", text, "hex")
}

/** Whether a text can be a key at all; what cannot is not looked for. */
export function mayBeKey(text: string): boolean {
  return pattern.test(text)
}
