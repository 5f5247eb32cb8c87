import { UsageError } from "../../errors/usage-error.ts"
import type { Session } from "../../session/session.ts"
import type { Preset } from "./presets.ts"

const openaiUrl = "https://api.openai.com/v1"

/** A configuration for what the OpenAI SDK finds in its environment. The key is referred to, never copied. */
export function presetFromOpenai({ OPENAI_API_KEY: key, OPENAI_BASE_URL: url }: Session["environment"]): Preset {
  if (!key) throw new UsageError("OPENAI_API_KEY is not set: it is what the OpenAI SDK would use. Set it, or name a provider (--provider).")
  const baseUrl = url || openaiUrl
  if (!URL.canParse(baseUrl) || !/^https?:/.test(baseUrl)) {
    throw new UsageError(`OPENAI_BASE_URL is "${baseUrl}", which is no address. Expected one such as ${openaiUrl}.`)
  }
  return {
    name: "from-openai",
    title: "what the OpenAI SDK uses",
    endpoint: [
      "provider: openai",
      `baseUrl: ${JSON.stringify(baseUrl)}`,
      "model: gpt-4o-mini # yours: requests may name it, or the route",
      "apiKey: env:OPENAI_API_KEY",
    ],
    next: "put your model into model, point the SDK at Sluice (baseURL http://127.0.0.1:3000/openai/v1, with a key of Sluice)",
  }
}
