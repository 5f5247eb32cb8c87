import { Busboy, type BusboyInstance } from "@fastify/busboy"
import type { Request } from "express"
import { BodyCutOffError } from "../../middleware/json-body/collect-body.ts"
import { invalidParameter, OpenaiError } from "../errors/openai-error.ts"

export interface Upload {
  readonly filename: string
  readonly contentType: string
  readonly bytes: Buffer
  /** The other fields of the form, as text. */
  readonly fields: Readonly<Record<string, string>>
}

/** Of one file. What a batch may have at most, 10,000 lines, has 6 kB a line with that. */
export const maxFileBytes = 64 * 1024 * 1024
const limits = { files: 1, fields: 20, fieldSize: 8_192, fieldNameSize: 100, parts: 21, headerPairs: 50, fileSize: maxFileBytes }

/** A form with one file in its field `file` (RFC 7578). Throws what is wrong with it; the rest of the body is then left unread. */
export async function readUpload(request: Request): Promise<Upload> {
  const contentType = request.headers["content-type"] ?? ""
  if (!/^multipart\/form-data\s*;/i.test(contentType)) {
    throw invalidParameter(null, "Send the file as multipart/form-data, with the fields file and purpose.", "unsupported_media_type")
  }
  const { promise, resolve, reject } = Promise.withResolvers<Upload>()
  const fields: Record<string, string> = {}
  const chunks: Buffer[] = []
  let file: { readonly filename: string; readonly contentType: string } | null = null
  const form = openForm(contentType)
  form.on("field", (name, value) => {
    fields[name] = value
  })
  form.on("file", (name, stream, filename, _encoding, type) => {
    if (name !== "file") reject(invalidParameter(name, "The file belongs into the field `file`."))
    file = { filename: filename || "upload", contentType: type }
    stream.on("data", (chunk: Buffer) => chunks.push(chunk))
    stream.on("limit", () => reject(tooLarge()))
  })
  form.on("finish", () =>
    file ? resolve({ ...file, bytes: Buffer.concat(chunks), fields }) : reject(invalidParameter("file", "The form has no file.")),
  )
  form.on("error", (error) => reject(malformed(error)))
  request.once("close", () => {
    if (!request.complete) reject(new BodyCutOffError())
  })
  request.pipe(form)
  try {
    return await promise
  } finally {
    request.unpipe(form)
  }
}

function openForm(contentType: string): BusboyInstance {
  try {
    return new Busboy({ headers: { "content-type": contentType }, limits })
  } catch (error) {
    throw malformed(error)
  }
}

function malformed(error: unknown): OpenaiError {
  return invalidParameter(null, `The form cannot be read: ${error instanceof Error ? error.message : String(error)}.`, "invalid_form")
}

function tooLarge(): OpenaiError {
  const message = `A file may have at most ${maxFileBytes} bytes. Divide it into several, and make a batch of each.`
  return new OpenaiError({ status: 413, type: "invalid_request_error", code: "payload_too_large", param: "file", message })
}
