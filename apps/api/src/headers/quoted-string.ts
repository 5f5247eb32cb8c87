/** The content of a quoted string with its escapes resolved (RFC 9110, 5.6.4); null when it is not one. */
export function unquote(text: string): string | null {
  const content = /^"((?:[^"\\]|\\.)*)"$/.exec(text)?.[1]
  return content === undefined ? null : content.replaceAll(/\\(.)/g, "$1")
}
