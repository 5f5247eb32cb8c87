import { limitHeaders } from "../openai/headers.ts"
import type { HeaderContext } from "../wire/wire.ts"

/** Response headers of Azure OpenAI: OpenAI's names, with resets in whole seconds. */
export function azureHeaders(context: HeaderContext): Record<string, string> {
  return {
    "apim-request-id": context.requestId,
    "x-request-id": context.requestId,
    "x-ms-region": "Simulated",
    ...limitHeaders(context, (resetMs) => String(Math.ceil(resetMs / 1000))),
  }
}
