const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const printable = /^[\t\x20-\x7e]*$/

/** They belong to the connection, or say where it goes and how the body is framed. */
const reserved: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
])

/** What is wrong with the headers of a webhook and what to do, or null. */
export function webhookHeadersProblem(headers: Readonly<Record<string, string>>): string | null {
  for (const [name, value] of Object.entries(headers)) {
    if (!token.test(name)) return `"${name.slice(0, 100)}" is no header name. Use letters, digits and dashes.`
    if (reserved.has(name.toLowerCase())) return `The header ${name} is set by the connection itself. Take it off.`
    if (!printable.test(value)) return `The value of the header ${name} has characters that a header cannot carry. Use printable ASCII.`
  }
  return null
}

/** With what every webhook says of itself. Answers are asked for as they are: nobody unpacks them. */
export function completeHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  return { ...(names.has("user-agent") ? {} : { "user-agent": "Sluice-Webhooks" }), ...headers, "accept-encoding": "identity" }
}
