import { OpenaiError } from "./openai-error.ts"

/** For an id that names nothing the key may see. */
export function openaiNotFound(message: string): OpenaiError {
  return new OpenaiError({ status: 404, type: "invalid_request_error", code: "not_found", message })
}
