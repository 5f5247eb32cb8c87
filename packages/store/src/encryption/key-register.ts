import type { Binary } from "mongodb"
import { type Database, sendTo } from "../connection/database.ts"
import { isDuplicateKey } from "../errors/duplicate-key.ts"
import type { Operations } from "../operations/operations.ts"
import { DecryptionError } from "./decryption-error.ts"
import type { Place, Sealer } from "./sealer.ts"

/** The collection's name. */
export const encryptionKeysCollection = "encryptionKeys"

/** A key with which something in this database is, or may be, encrypted. */
interface KeyDocument {
  readonly _id: string
  /** A known text under that key: another key of the same name cannot open it. */
  readonly check: Binary | string
}

/** The process has not the keys that the database needs. It says which, and what to do. */
export class EncryptionKeysError extends Error {
  constructor(message: string) {
    super(message)
    this.name = "EncryptionKeysError"
  }
}

const known = "sluice"

function placeOf(keyId: string): Place {
  return { collection: encryptionKeysCollection, id: keyId, tenantId: null, field: "check" }
}

/**
 * Makes sure that this process can read what is in the database, and notes the key with which it will write. Rejects with
 * `EncryptionKeysError` when a key is missing or is not the one of that name: found out at the start, it costs nothing.
 */
export async function registerKeys(options: { database: Database; operations: Operations; sealer: Sealer }): Promise<void> {
  const { database, operations, sealer } = options
  const toKeys = sendTo<KeyDocument>(database, encryptionKeysCollection)
  const registered = await operations.run("read of the encryption keys in use", () => toKeys((keys) => keys.find().toArray()))
  const missing = registered.filter(({ _id }) => !sealer.keyIds.includes(_id)).map(({ _id }) => _id)
  if (missing.length > 0) throw new EncryptionKeysError(explainMissing(missing))
  for (const key of registered) assertSame(key, sealer)
  const { keyId } = sealer
  if (keyId === null || registered.some(({ _id }) => _id === keyId)) return
  const document = { _id: keyId, check: sealer.seal(known, placeOf(keyId)) }
  await operations.run(`registration of the encryption key ${keyId}`, () => toKeys((keys) => keys.insertOne(document).catch(ignoreKnown)))
}

/** Nothing is encrypted with any other key any more: they may be taken out of the configuration. */
export async function forgetOtherKeys(options: { database: Database; operations: Operations; keyId: string }): Promise<void> {
  const toKeys = sendTo<KeyDocument>(options.database, encryptionKeysCollection)
  const others = { _id: { $ne: options.keyId } }
  await options.operations.run("removal of encryption keys", () => toKeys((keys) => keys.deleteMany(others)))
}

function explainMissing(missing: readonly string[]): string {
  const names = missing.map((id) => `"${id}"`).join(", ")
  return `The database holds what is encrypted with ${names}, and this process does not have ${missing.length === 1 ? "that key" : "those keys"}. Add it to SLUICE_ENCRYPTION_KEYS; an old key may go once \`npm run upgrade-data\` has ended.`
}

function assertSame({ _id, check }: KeyDocument, sealer: Sealer): void {
  try {
    sealer.open(check, placeOf(_id))
  } catch (error) {
    if (!(error instanceof DecryptionError)) throw error
    throw new EncryptionKeysError(
      `The encryption key "${_id}" is not the one with which the database was encrypted. Correct its value in SLUICE_ENCRYPTION_KEYS, or give the new key a name of its own.`,
    )
  }
}

function ignoreKnown(error: unknown): void {
  if (!isDuplicateKey(error)) throw error
}
