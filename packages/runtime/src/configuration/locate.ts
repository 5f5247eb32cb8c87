import { type Document, isMap, isScalar, isSeq } from "yaml"
import { findPair, follow, startOf } from "./yaml-nodes.ts"

/** What an issue points at: the name of an entry, or what stands behind it. */
export type Target = "key" | "value"

interface Place {
  readonly key: unknown
  readonly value: unknown
}

function childOf(document: Document, parent: unknown, segment: PropertyKey): Place | null {
  const node = follow(document, parent)
  if (isSeq(node)) {
    const item = typeof segment === "number" ? node.items[segment] : undefined
    return item === undefined ? null : { key: null, value: item }
  }
  return isMap(node) ? findPair(document, node, String(segment)) : null
}

function isBlank(node: unknown): boolean {
  return node === null || (isScalar(node) && node.source === "")
}

/**
 * The offset in the text of what a path leads to. Through aliases and `<<` it leads to the text that counts. Where the path
 * goes on beyond what the text has (a required key is missing), it is that of the last entry found.
 */
export function offsetOf(options: { document: Document; path: readonly PropertyKey[]; target: Target }): number {
  let place: Place = { key: null, value: options.document.contents }
  for (const segment of options.path) {
    const next = childOf(options.document, place.value, segment)
    if (next === null) return startOf(place.key ?? place.value)
    place = next
  }
  const wanted = options.target === "key" || isBlank(place.value) ? (place.key ?? place.value) : place.value
  return startOf(wanted)
}

/** The path of what stands at an offset; for a place that no node covers, of the last entry before it. */
export function pathAt(node: unknown, offset: number): PropertyKey[] {
  if (isMap(node)) {
    const pair = node.items.findLast(({ key }) => startOf(key) <= offset)
    return pair === undefined || !isScalar(pair.key) ? [] : [String(pair.key.value), ...pathAt(pair.value, offset)]
  }
  if (!isSeq(node)) return []
  const index = node.items.findLastIndex((item) => startOf(item) <= offset)
  return index === -1 ? [] : [index, ...pathAt(node.items[index], offset)]
}
