import { EnvironmentError } from "../environment/environment-error.ts"
import type { EncryptionKeyRef } from "../environment/parse-environment.ts"
import type { Credentials } from "../secrets/create-credentials.ts"

export interface EncryptionKeyBytes {
  readonly id: string
  /** 32 bytes. */
  readonly secret: Uint8Array
}

const keyBytes = 32
const variable = "SLUICE_ENCRYPTION_KEYS"

/** Fetches the keys with which what is stored is encrypted. Throws `EnvironmentError`, which names every key that is wrong, and no value. */
export async function readEncryptionKeys(options: {
  readonly keys: readonly EncryptionKeyRef[]
  readonly credentials: Credentials
}): Promise<readonly EncryptionKeyBytes[]> {
  const read = await Promise.all(options.keys.map((key) => readKey(key, options.credentials)))
  const messages = read.flatMap((key) => ("message" in key ? key.message : []))
  if (messages.length > 0) throw new EnvironmentError(messages.map((message) => ({ variable, message })))
  return read.flatMap((key) => ("secret" in key ? key : []))
}

async function readKey({ id, reference }: EncryptionKeyRef, credentials: Credentials): Promise<EncryptionKeyBytes | { message: string }> {
  try {
    const secret = bytesOf(await credentials.resolve(reference))
    if (secret) return { id, secret }
    return {
      message: `Key "${id}" (${reference}) is not ${keyBytes} bytes in base64 or hex; make one with: openssl rand -base64 ${keyBytes}`,
    }
  } catch (error) {
    return { message: `Key "${id}": ${error instanceof Error ? error.message.replace(/\.$/, "") : String(error)}` }
  }
}

function bytesOf(text: string): Uint8Array | null {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, "hex")
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, "base64") : null
}
