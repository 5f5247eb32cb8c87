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

interface Names {
  readonly isSensitive: RegExp
  /** Finds a name like that in a line, and lets few others pass. */
  readonly mayOccur: RegExp
}

const endings = secretEndings.join("|")
const contents = contentNames.join("|")
const all: Names = {
  isSensitive: new RegExp(`(?:${endings})$|^(?:${contents})$`, "i"),
  mayOccur: new RegExp(`(?:${endings})":|"(?:${contents})":`, "i"),
}
const secretsOnly: Names = { isSensitive: new RegExp(`(?:${endings})$`, "i"), mayOccur: new RegExp(`(?:${endings})":`, "i") }

function redact(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((item) => redact(item, names))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, names.isSensitive.test(name) && item !== null ? mask : redact(item, names)]),
  )
}

/**
 * Hides secrets and content in a line of JSON, at any depth. pino's own redaction takes paths of a fixed depth and knows
 * nothing of the depth at which an error or a caller's object carries a header, so this works on the finished line, whatever
 * made it: bindings of children, serializers, `toJSON`. Lines without such a name, i.e. nearly all, are not parsed.
 */
export function redactLine(line: string, { keepsContent }: { readonly keepsContent: boolean }): string {
  const names = keepsContent ? secretsOnly : all
  const masked = maskSecrets(line)
  if (!names.mayOccur.test(masked)) return masked
  return `${JSON.stringify(redact(JSON.parse(masked), names))}\n`
}
