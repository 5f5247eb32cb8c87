import type { IncomingMessage } from "node:http"
import { headerProblem } from "../problems/validation-problem.ts"
import { unquote } from "./quoted-string.ts"

const key = /^[\x20-\x7e]{1,255}$/

/**
 * The request's idempotency key, quoted (as draft-ietf-httpapi-idempotency-key-header has it) or bare, which name the same
 * key; null without one. Throws `validation_failed` for anything else than 1 to 255 printable ASCII characters.
 */
export function idempotencyKeyOf(request: IncomingMessage): string | null {
  if (request.headers["idempotency-key"] === undefined) return null
  const [given, ...more] = request.headersDistinct["idempotency-key"] ?? []
  const text = given === undefined || more.length > 0 ? null : given.startsWith('"') ? unquote(given) : given
  if (text !== null && key.test(text)) return text
  throw headerProblem({ name: "Idempotency-Key", detail: "Expected one key of 1 to 255 printable ASCII characters." })
}
