export type Strings<Name extends string> = { readonly [K in Name]?: string | undefined }

/** Those of the named values that are there, as text: what a search may hold, typed by anyone. Numbers and booleans were text, too. */
export function stringsOf<Name extends string>(search: Record<string, unknown>, names: readonly Name[]): Strings<Name> {
  const found: { [K in Name]?: string | undefined } = {}
  for (const name of names) {
    const value = search[name]
    if (typeof value === "number" || typeof value === "boolean") found[name] = String(value)
    else if (typeof value === "string" && value !== "") found[name] = value
  }
  return found
}
