import { MongoServerError } from "mongodb"

/** Of all engines. */
export const duplicateKeyCode = 11_000

/** A unique index, that of `_id` among them, refused the one document of a write. Of bulk writes `itemErrors` tells more. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === duplicateKeyCode
}
