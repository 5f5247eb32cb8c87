import type { Buffer } from "node:buffer"
import type { Readable } from "node:stream"
import { TransportError } from "./transport-error.ts"

export interface Patience {
  readonly limits: { readonly firstChunkMs: number; readonly idleMs: number }
  /** Before that, a pause is bounded by `firstChunkMs`, if by anything; from then on by `idleMs`. */
  readonly hasBegun: () => boolean
}

/** The chunks of a stream, which is destroyed with a `TransportError` `timeout` when it pauses for too long. */
export async function* patiently(stream: Readable, { limits, hasBegun }: Patience): AsyncGenerator<Buffer> {
  const { firstChunkMs, idleMs } = limits
  let timer: NodeJS.Timeout | undefined
  const wait = (): void => {
    const [ms, message] = hasBegun()
      ? [idleMs, `the answer paused for more than ${idleMs} ms (idleMs)`]
      : [firstChunkMs, `the answer did not begin within ${firstChunkMs} ms (firstChunkMs)`]
    clearTimeout(timer)
    if (ms > 0) timer = setTimeout(() => stream.destroy(new TransportError({ failure: "timeout", message })), ms)
  }
  wait()
  try {
    for await (const chunk of stream) {
      yield chunk
      wait()
    }
  } finally {
    clearTimeout(timer)
  }
}
