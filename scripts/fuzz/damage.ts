import fc from "fast-check"

export interface Change {
  /** Decides what is changed, and how. */
  readonly at: number
  readonly value: unknown
}

/** The same but for one thing: a member gone, renamed, or of another value. */
export function nearly(root: unknown, { at, value }: Change): unknown {
  const places = placesIn(root)
  const place = places[at % Math.max(1, places.length)]
  if (!place) return value
  const copy: unknown = structuredClone(root)
  const parent = place.slice(0, -1).reduce<unknown>((node, key) => Reflect.get(Object(node), key), copy)
  const key = place.at(-1) ?? ""
  if (typeof parent !== "object" || parent === null) return value
  if (at % 4 === 0) Reflect.deleteProperty(parent, key)
  else if (at % 4 === 1) Reflect.set(parent, `${key}x`, value)
  else Reflect.set(parent, key, value)
  return copy
}

function placesIn(node: unknown): string[][] {
  if (typeof node !== "object" || node === null) return []
  return Object.entries(node).flatMap(([key, child]) => [[key], ...placesIn(child).map((rest) => [key, ...rest])])
}

/** Bytes with a hole in them, or with others in the middle. */
export function damaged(whole: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.tuple(whole, fc.nat(), fc.uint8Array({ maxLength: 4 })).map(([bytes, at, inserted]) => {
    const start = at % (bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(start + 1)])
  })
}
