import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { gzip } from "node:zlib"
import type { RequestHandler } from "express"

const folder = new URL("./", import.meta.resolve("@scalar/api-reference"))
const file = fileURLToPath(new URL("browser/standalone.js", folder))

export const docsScriptPath = "/docs/scalar.js"

/** `GET /docs/scalar.js`: what renders `/docs`, from the package's files. It is packed once, when it is first asked for. */
export function docsScriptHandler(): RequestHandler {
  let packing: Promise<Buffer> | undefined
  return async function handleDocsScript(request, response) {
    response.type("text/javascript")
    response.setHeader("Vary", "Accept-Encoding")
    response.setHeader("Cache-Control", "public, max-age=3600")
    if (!request.acceptsEncodings("gzip")) {
      response.sendFile(file)
      return
    }
    packing ??= readFile(file).then(promisify(gzip))
    const packed = await packing
    response.setHeader("Content-Encoding", "gzip")
    response.setHeader("Content-Length", packed.byteLength)
    response.end(packed)
  }
}
