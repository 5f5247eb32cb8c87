import type { IncomingMessage, ServerResponse } from "node:http"
import { randomRequestId } from "../middleware/request-id.ts"

export interface HeadLimits {
  /** Of the request line and all headers together. */
  readonly maxHeaderBytes: number
  /** Each has to be kept and looked through by every layer. */
  readonly maxHeaders: number
  /** Of path and query. */
  readonly maxTargetBytes: number
}

/** Whether a request's head is within the limits; if not, it is answered with a bare status, and the connection ends. */
export function admits(request: IncomingMessage, response: ServerResponse, { maxHeaders, maxTargetBytes }: HeadLimits): boolean {
  const status = faultOf(request, { maxHeaders, maxTargetBytes })
  if (status === null) return true
  response.writeHead(status, { Connection: "close", "Content-Length": 0, "x-request-id": randomRequestId() }).end()
  return false
}

function faultOf(
  { rawHeaders, url = "" }: IncomingMessage,
  { maxHeaders, maxTargetBytes }: Omit<HeadLimits, "maxHeaderBytes">,
): number | null {
  if (Buffer.byteLength(url) > maxTargetBytes) return 414
  return rawHeaders.length / 2 > maxHeaders ? 431 : null
}
