import { maskSecrets } from "../secrets/mask-secrets.ts"

const mask = "[redacted]"

/** Names that end so hold secrets, however they are written: `apiKey`, `api-key`, `OPENAI_API_KEY`, `set-cookie`. */
const secretEndings = [
  "authorization",
  "cookie",
  "api[-_]?key",
  "admin[-_]?key",
  "private[-_]?key",
  "password",
  "passphrase",
  "secret",
  "token",
]

/** What callers send and models answer. */
const contentNames = ["input", "output", "messages", "prompt", "content", "texts", "embeddings", "body", "response[-_]?body"]

const endings = secretEndings.join("|")
const names = contentNames.join("|")
const isSensitiveName = new RegExp(`(?:${endings})$|^(?:${names})$`, "i")
const mayHaveSensitiveName = new RegExp(`(?:${endings})":|"(?:${names})":`, "i")

function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isSensitiveName.test(name) && item !== null ? mask : redact(item)]),
  )
}

/**
 * Hides secrets and content in a line of JSON, at any depth. pino's own redaction takes paths of a fixed depth and knows
 * nothing of the depth at which an error or a caller's object carries a header, so this works on the finished line, whatever
 * made it: bindings of children, serializers, `toJSON`. Lines without such a name, i.e. nearly all, are not parsed.
 */
export function redactLine(line: string): string {
  const masked = maskSecrets(line)
  if (!mayHaveSensitiveName.test(masked)) return masked
  return `${JSON.stringify(redact(JSON.parse(masked)))}\n`
}
