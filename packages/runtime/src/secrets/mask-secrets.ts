const mask = "[redacted]"

// Each is safe on a line of JSON too: it takes no quote, and never half of an escape.
const userInfo = /\/\/[^\s/@":]*:[^\s/"]*@/g
const bearer = /\b(bearer\s+)[\w.~+/=-]{8,}/gi
const key = /\b(?:sk[-_]|whsec_)[\w+/=-]{6,}/g
const parameter = /([?&][\w-]*(?:token|key|secret|password)=)[^&#\s"\\]+/gi

/** Hides what looks like a secret in a text: passwords and tokens in URLs, bearer tokens, API keys, webhook secrets. */
export function maskSecrets(text: string): string {
  return text.replace(userInfo, `//${mask}@`).replace(bearer, `$1${mask}`).replace(parameter, `$1${mask}`).replace(key, mask)
}
