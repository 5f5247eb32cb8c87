import { anthropicWire } from "../anthropic/wire.ts"
import { azureOpenaiWire } from "../azure-openai/wire.ts"
import { customWire } from "../custom/wire.ts"
import { openaiWire } from "../openai/wire.ts"
import type { Wire } from "../wire/wire.ts"

/** The protocol that a path belongs to. What belongs to no other is OpenAI's, which then says that it does not know it. */
export function findWire(path: string): Wire {
  if (path.startsWith("/v1/messages")) return anthropicWire
  if (path.startsWith("/openai/")) return azureOpenaiWire
  if (path.startsWith("/custom/")) return customWire
  return openaiWire
}
