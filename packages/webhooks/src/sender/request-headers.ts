const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const printable = /^[\t\x20-\x7e]*$/

/** They belong to the connection, or say where it goes and how the body is framed. */
const reserved: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
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

/** With what every webhook says of itself. Answers are asked for as they are, since nobody unpacks them. */
export function completeHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => name.toLowerCase() !== "accept-encoding")
  const hasAgent = own.some(([name]) => name.toLowerCase() === "user-agent")
  return { ...(hasAgent ? {} : { "user-agent": "Sluice-Webhooks" }), ...Object.fromEntries(own), "accept-encoding": "identity" }
}
