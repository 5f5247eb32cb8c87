import { MongoBulkWriteError } from "mongodb"
import { DocumentTooLargeError, maxDocumentBytes } from "./document-too-large-error.ts"
import { duplicateKeyCode } from "./duplicate-key.ts"

/** A unique index refused the document. */
export class DuplicateKeyError extends Error {
  readonly #detail: string

  constructor(detail: string) {
    super("A unique index refused the document")
    this.name = "DuplicateKeyError"
    this.#detail = detail
  }

  /** The engines word this error differently; what they share is that they name the index. */
  isOf(indexName: string): boolean {
    return this.#detail.includes(indexName)
  }
}

/** The database refused one item of a bulk write. */
export class ItemRefusedError extends Error {
  readonly code: number

  constructor(options: { code: number; detail: string }) {
    super(`MongoDB refused the write (code ${options.code}): ${options.detail.slice(0, maxDetailChars)}`)
    this.name = "ItemRefusedError"
    this.code = options.code
  }
}

const maxDetailChars = 200
const tooLarge = new Set([10_334, 17_419, 17_420])

/**
 * The items that a bulk write refused, by their index, with what to tell each. Rethrows an error that is not about single
 * items: then nothing is known about any of them.
 */
export function itemErrors(error: unknown): ReadonlyMap<number, Error> {
  if (!(error instanceof MongoBulkWriteError)) throw error
  const refused = [error.writeErrors].flat()
  if (refused.length === 0 || error.result.getWriteConcernError()) throw error
  return new Map(refused.map(({ index, code, errmsg }) => [index, itemError(code, errmsg ?? "")]))
}

function itemError(code: number, detail: string): Error {
  if (code === duplicateKeyCode) return new DuplicateKeyError(detail)
  if (tooLarge.has(code)) {
    const bytes = Number(/\d{8,}/.exec(detail)?.[0] ?? maxDocumentBytes + 1)
    return new DocumentTooLargeError({ what: "The document", bytes, maxBytes: maxDocumentBytes })
  }
  return new ItemRefusedError({ code, detail })
}
