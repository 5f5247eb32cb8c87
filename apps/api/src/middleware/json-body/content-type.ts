import { MIMEType } from "node:util"
import { unsupportedMediaType } from "./body-problems.ts"

/** Throws `unsupported_media_type` unless the header says JSON, in UTF-8 if it names a character set at all. */
export function assertJsonContentType(header: string | undefined): void {
  if (header === "application/json") return
  if (header === undefined) throw unsupportedMediaType("The request has no Content-Type. Send `Content-Type: application/json`.")
  const type = parseMimeType(header)
  if (type?.essence !== "application/json") {
    throw unsupportedMediaType("The Content-Type is not application/json.")
  }
  const charset = type.params.get("charset")?.toLowerCase() ?? "utf-8"
  if (charset !== "utf-8" && charset !== "utf8") throw unsupportedMediaType("The character set is not UTF-8, in which JSON is sent.")
}

function parseMimeType(header: string): MIMEType | null {
  try {
    return new MIMEType(header)
  } catch {
    return null
  }
}
