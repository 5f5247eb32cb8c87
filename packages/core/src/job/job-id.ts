/** The random bits of a UUID; `crypto.getRandomValues` where nothing else is said. */
export type RandomBytes = (into: Uint8Array<ArrayBuffer>) => void

const systemRandom: RandomBytes = (into) => {
  crypto.getRandomValues(into)
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"))

/**
 * A UUIDv7 (RFC 9562) without dashes: 48 bits of milliseconds, then 74 random bits. Ids made later sort later, to the
 * millisecond, so an index over them grows at its end.
 */
export function uuidV7Hex(options: { at: Date; random?: RandomBytes }): string {
  const bytes = new Uint8Array(16)
  ;(options.random ?? systemRandom)(bytes)
  const view = new DataView(bytes.buffer)
  const ms = options.at.getTime()
  view.setUint16(0, Math.floor(ms / 2 ** 32))
  view.setUint32(2, ms % 2 ** 32)
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f))
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f))
  let hex = ""
  for (const byte of bytes) hex += hexOfByte[byte]
  return hex
}

export function newJobId(options: { at: Date; random?: RandomBytes }): string {
  return `job_${uuidV7Hex(options)}`
}

export function newEventId(options: { at: Date; random?: RandomBytes }): string {
  return `evt_${uuidV7Hex(options)}`
}

export function newReplayId(options: { at: Date; random?: RandomBytes }): string {
  return `rpl_${uuidV7Hex(options)}`
}

export function newAuditId(options: { at: Date; random?: RandomBytes }): string {
  return `aud_${uuidV7Hex(options)}`
}

export function newBatchId(options: { at: Date; random?: RandomBytes }): string {
  return `batch_${uuidV7Hex(options)}`
}

/** As OpenAI writes the ids of files. */
export function newFileId(options: { at: Date; random?: RandomBytes }): string {
  return `file-${uuidV7Hex(options)}`
}

export function newApiKeyId(options: { at: Date; random?: RandomBytes }): string {
  return `key_${uuidV7Hex(options)}`
}

export function newAlertId(options: { at: Date; random?: RandomBytes }): string {
  return `alt_${uuidV7Hex(options)}`
}

export function newTenantId(options: { at: Date; random?: RandomBytes }): string {
  return `ten_${uuidV7Hex(options)}`
}
