import { Buffer } from "node:buffer"

/** As far as a person wants to read why a receiver refused. */
const maxBytes = 4_096

/**
 * The beginning of an answer's body as text, at most 4 kB of it. Leaves off reading there, and with it the connection. What is no
 * UTF-8 is replaced; what was encoded, though nobody asked for it, is not unpacked. Never rejects: when the body breaks off,
 * what came is returned.
 */
export async function readBodyStart(stream: AsyncIterable<Buffer>, contentEncoding: string | undefined): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      chunks.push(chunk)
      size += chunk.length
      if (size > maxBytes) break
    }
  } catch {
    // The status is known, and it alone decides.
  }
  if (size > 0 && isEncoded(contentEncoding)) return `[encoded as ${contentEncoding}, not shown]`
  // A character that the bound cuts in two is left off.
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, maxBytes), { stream: size > maxBytes })
}

function isEncoded(contentEncoding: string | undefined): boolean {
  return contentEncoding !== undefined && contentEncoding !== "" && contentEncoding.toLowerCase() !== "identity"
}
