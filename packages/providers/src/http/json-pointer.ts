import type { Json } from "@sluice/core"

/** The member or item of that name, undefined when there is none. Own members only, so that no name reaches a prototype. */
export function childOf(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined
  return value[key]
}

/** The value at a JSON Pointer (RFC 6901), undefined when there is none. */
export function valueAt(document: Json, pointer: string): Json | undefined {
  const keys = pointer.split("/").slice(1)
  return keys.reduce<Json | undefined>((value, key) => childOf(value, key.replaceAll("~1", "/").replaceAll("~0", "~")), document)
}
