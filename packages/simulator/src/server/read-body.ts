import type { IncomingMessage } from "node:http"

export type Body = { readonly kind: "complete"; readonly text: string } | { readonly kind: "too_large" } | { readonly kind: "aborted" }

/** Reads a request to its end. One that is too large is read too, so that the client gets to the answer, but not kept. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBytes) chunks.push(chunk)
    })
    request.once("end", () => resolve(bytes > maxBytes ? { kind: "too_large" } : { kind: "complete", text: join(chunks) }))
    request.once("error", () => resolve({ kind: "aborted" }))
  })
}

function join(chunks: readonly Buffer[]): string {
  const [first, second] = chunks
  return first !== undefined && second === undefined ? first.toString() : Buffer.concat(chunks).toString()
}
