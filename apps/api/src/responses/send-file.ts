import type { Request, Response } from "express"

export interface StoredFile {
  readonly bytes: Uint8Array
  readonly contentType: string
}

export interface FileAnswer {
  /** Names these very bytes: letters, digits, dots, dashes and underscores only. They never change under it. */
  readonly name: string
  /** Called only when the caller does not have the bytes already. */
  readonly load: () => Promise<StoredFile>
}

/** What a browser may show by itself. Anything else is offered for download. */
const shown: ReadonlySet<string> = new Set(["application/json", "image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"])

/** Answers a GET with bytes that a provider made, never to be run as a page or script of this origin; or with 304. */
export async function sendFile(request: Request, response: Response, { name, load }: FileAnswer): Promise<void> {
  response.setHeader("ETag", `"${name}"`)
  response.setHeader("Cache-Control", "private, no-cache")
  if (request.fresh) {
    response.status(304).end()
    return
  }
  const { bytes, contentType } = await load()
  response.setHeader("Content-Type", contentType)
  response.setHeader("Content-Disposition", `${shown.has(contentType) ? "inline" : "attachment"}; filename="${name}"`)
  response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'")
  response.setHeader("Content-Length", bytes.byteLength)
  response.end(bytes)
}
