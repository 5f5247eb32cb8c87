import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto"
import { Binary } from "mongodb"
import { DecryptionError } from "./decryption-error.ts"

/** A key by the name that stands beside what it encrypted. */
export interface EncryptionKey {
  /** 1 to 32 letters, digits, dots, dashes or underscores. */
  readonly id: string
  /** 32 bytes. */
  readonly secret: Uint8Array
}

/** Where a value stands: a ciphertext that is put anywhere else cannot be opened there. */
export interface Place {
  readonly collection: string
  /** The document's. */
  readonly id: string
  /** Null where the write does not know it; another sealed field of the document then binds it to its tenant. */
  readonly tenantId: string | null
  readonly field: string
}

/** A text as it is stored: itself, or its ciphertext. */
export type Sealed = string | Binary

/**
 * Encrypts what is kept of callers with the first of its keys, and decrypts with whichever key it was encrypted; without keys
 * everything stays as it is. What is not encrypted is read as it stands, so that both may be in one database.
 */
export interface Sealer {
  /** The key in use; null: nothing is encrypted. */
  readonly keyId: string | null
  readonly keyIds: readonly string[]
  seal(text: string, place: Place): Sealed
  /** @throws DecryptionError when the key is missing, or the value was changed or moved. */
  open(value: Sealed, place: Place): string
  sealBytes(bytes: Uint8Array, place: Place): Uint8Array
  /** `keyId` as it was kept beside the bytes; undefined: they are not encrypted. */
  openBytes(bytes: Uint8Array, keyId: string | undefined, place: Place): Uint8Array
  /**
   * What stands in the database for a text that has to be found by equality, one for each key, that of the key in use first (none
   * without keys). A plain hash would do for finding too, but who reads the database could guess a short text and compare.
   */
  blinds(text: string): readonly string[]
}

interface DerivedKey {
  readonly id: string
  readonly sealing: Buffer
  readonly blinding: Buffer
}

const cipherName = "aes-256-gcm"
const formatVersion = 1
const saltBytes = 16
const ivBytes = 12
const tagBytes = 16
const keyBytes = 32
const keyIdPattern = /^[A-Za-z0-9._-]{1,32}$/

/**
 * AES-256-GCM. Each value has a key of its own, derived from the key in use and a random salt by HMAC-SHA-256 (NIST SP
 * 800-108), so that no number of values brings the bound of 2^32 random nonces under one key near.
 * @throws Error when two keys have one name, or one is not 32 bytes long.
 */
export function createSealer(keys: readonly EncryptionKey[]): Sealer {
  const derived = new Map(keys.map((key) => [key.id, derive(key)]))
  if (derived.size !== keys.length) throw new Error("Two encryption keys have the same name. Each needs a name of its own.")
  const [first] = derived.values()

  function sealBytes(bytes: Uint8Array, place: Place): Uint8Array {
    return first ? encrypt(first, bytes, place) : bytes
  }

  function openBytes(bytes: Uint8Array, keyId: string | undefined, place: Place): Uint8Array {
    if (keyId === undefined) return bytes
    const key = derived.get(keyId)
    if (!key) throw new DecryptionError({ keyId, reason: "missing_key", where: describe(place) })
    return decrypt(key, bytes, place)
  }

  return {
    keyId: first?.id ?? null,
    keyIds: [...derived.keys()],
    seal: (text, place) => (first ? new Binary(encrypt(first, Buffer.from(text), place)) : text),
    open: (value, place) => (typeof value === "string" ? value : textOf(openBytes(value.value(), keyIdOf(value, place), place))),
    sealBytes,
    openBytes,
    blinds: (text) => Array.from(derived.values(), ({ blinding }) => blind(blinding, text)),
  }
}

function derive({ id, secret }: EncryptionKey): DerivedKey {
  if (!keyIdPattern.test(id))
    throw new Error(`"${id}" cannot name an encryption key: use 1 to 32 letters, digits, dots, dashes or underscores.`)
  if (secret.length !== keyBytes) throw new Error(`The encryption key "${id}" has ${secret.length} bytes, and needs ${keyBytes}.`)
  const part = (purpose: string) => Buffer.from(hkdfSync("sha256", secret, "", `sluice ${purpose}`, keyBytes))
  return { id, sealing: part("sealing"), blinding: part("blinding") }
}

function messageKey({ sealing }: DerivedKey, salt: Uint8Array): Buffer {
  return createHmac("sha256", sealing).update(salt).digest()
}

/** Version, length of the key's name, its name, salt, nonce, ciphertext, tag. */
function encrypt(key: DerivedKey, plain: Uint8Array, place: Place): Buffer {
  const random = randomBytes(saltBytes + ivBytes)
  const [salt, iv] = [random.subarray(0, saltBytes), random.subarray(saltBytes)]
  const cipher = createCipheriv(cipherName, messageKey(key, salt), iv, { authTagLength: tagBytes })
  cipher.setAAD(boundTo(key.id, place))
  const header = Buffer.from([formatVersion, key.id.length])
  return Buffer.concat([header, Buffer.from(key.id), random, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: DerivedKey, sealed: Uint8Array, place: Place): Uint8Array {
  const at = 2 + key.id.length
  const saltEnd = at + saltBytes
  const ivEnd = saltEnd + ivBytes
  const tagAt = sealed.length - tagBytes
  try {
    const salt = sealed.subarray(at, saltEnd)
    const decipher = createDecipheriv(cipherName, messageKey(key, salt), sealed.subarray(saltEnd, ivEnd), { authTagLength: tagBytes })
    decipher.setAAD(boundTo(key.id, place))
    decipher.setAuthTag(sealed.subarray(tagAt))
    const plain = Buffer.concat([decipher.update(sealed.subarray(ivEnd, tagAt)), decipher.final()])
    return new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength)
  } catch (cause) {
    throw new DecryptionError({ keyId: key.id, reason: "damaged", where: describe(place), cause })
  }
}

function boundTo(keyId: string, { collection, id, tenantId, field }: Place): Buffer {
  return Buffer.from(JSON.stringify([formatVersion, keyId, collection, id, tenantId, field]))
}

/** The name of the key that a value was encrypted with. */
export function keyIdOf(value: Binary, place: Place): string {
  const bytes = value.value()
  const length = bytes[1] ?? 0
  const keyId = Buffer.from(bytes.subarray(2, 2 + length)).toString("latin1")
  if (bytes[0] === formatVersion && keyIdPattern.test(keyId)) return keyId
  throw new DecryptionError({ keyId: "(unknown)", reason: "damaged", where: describe(place) })
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")
}

function blind(key: Buffer, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url")
}

function describe({ collection, id, field }: Place): string {
  return `${field} of ${id} in ${collection}`
}
