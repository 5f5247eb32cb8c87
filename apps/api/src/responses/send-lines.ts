import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { Request, Response } from "express"

/**
 * Answers with lines as they come, no faster than the caller takes them. `setHead` is called once the first is there, so that a
 * database that is away can still be told as such; what goes wrong after that cuts the answer off. A caller that leaves is no error.
 */
export async function sendLines(
  { request, response }: { readonly request: Request; readonly response: Response },
  { lines, setHead }: { readonly lines: AsyncGenerator<string>; readonly setHead: () => void },
): Promise<void> {
  const first = await lines.next()
  setHead()
  if (first.done || request.method === "HEAD") {
    response.end()
    return
  }
  await pipeline(Readable.from(beginningWith(first.value, lines)), response).catch((error: unknown) => {
    if (!response.destroyed) throw error
  })
}

async function* beginningWith(first: string, lines: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first
  yield* lines
}
