import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml"

/** What an alias stands for; any other node is itself. Null where nothing stands. */
export function follow(document: Document, node: unknown): Node | null {
  if (isAlias(node)) return node.resolve(document) ?? null
  return isNode(node) ? node : null
}

/** Whether a key is the plain `<<` that takes over the entries of another mapping. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.source === "<<"
}

/** The entries of a mapping with this name: its own first, else what its `<<` brings along. */
export function findPair(document: Document, map: YAMLMap, name: string): Pair | null {
  const own = map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === name)
  if (own !== undefined) return own
  for (const pair of map.items.filter(({ key }) => isMergeKey(key))) {
    const merged = follow(document, pair.value)
    for (const source of isSeq(merged) ? merged.items : [merged]) {
      const sourceMap = follow(document, source)
      const found = isMap(sourceMap) ? findPair(document, sourceMap, name) : null
      if (found !== null) return found
    }
  }
  return null
}

/** Where a node begins, as an offset into the text. */
export function startOf(node: unknown): number {
  return (isNode(node) && node.range?.[0]) || 0
}
