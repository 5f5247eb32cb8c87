import { type Alias, type Document, isAlias, isCollection, isMap, isNode, isPair, isSeq, type Node } from "yaml"
import { follow, isMergeKey, startOf } from "./yaml-nodes.ts"

/** How many values all aliases of a file may stand for together. */
export const maxAliasedValues = 100_000

export interface TextFault {
  readonly offset: number
  readonly message: string
}

interface Anchor {
  readonly node: Node
  /** Values in it, with those its aliases stand for; null while it is still open, i.e. an alias inside would refer to itself. */
  size: number | null
}

/**
 * Refuses aliases that lead nowhere, into themselves, or to more values than anyone writes by hand ("billion laughs"), and `<<`
 * over anything but mappings. The walk visits each node once, however much its aliases would expand to.
 */
export function checkAliases(document: Document): TextFault[] {
  const faults: TextFault[] = []
  const anchors = new Map<string, Anchor>()
  let aliased = 0

  const sizeOfAlias = (alias: Alias): number => {
    const anchor = anchors.get(alias.source)
    const offset = startOf(alias)
    if (anchor === undefined) {
      faults.push({ offset, message: `There is no anchor &${alias.source} above this alias.` })
      return 1
    }
    if (anchor.size === null) {
      faults.push({ offset, message: `The alias *${alias.source} stands inside of what it refers to.` })
      return 1
    }
    const before = aliased
    aliased += anchor.size
    if (before <= maxAliasedValues && aliased > maxAliasedValues) {
      faults.push({ offset, message: `The aliases up to here stand for more than ${maxAliasedValues} values. Write fewer of them.` })
    }
    return anchor.size
  }

  const sizeOf = (node: unknown): number => {
    if (isAlias(node)) return sizeOfAlias(node)
    if (isPair(node)) {
      if (isMergeKey(node.key) && !isMergeable(document, node.value)) {
        faults.push({ offset: startOf(node.key), message: "<< takes a mapping, or a list of mappings." })
      }
      return sizeOf(node.key) + sizeOf(node.value)
    }
    const anchor = openAnchor(node)
    let size = 1
    if (isCollection(node)) for (const item of node.items) size += sizeOf(item)
    if (anchor !== null) anchor.size = size
    return size
  }

  const openAnchor = (node: unknown): Anchor | null => {
    if (!isNode(node) || isAlias(node) || node.anchor === undefined) return null
    const anchor = { node, size: null }
    anchors.set(node.anchor, anchor)
    return anchor
  }

  sizeOf(document.contents)
  return faults
}

function isMergeable(document: Document, value: unknown): boolean {
  const source = follow(document, value)
  return isMap(source) || (isSeq(source) && source.items.every((item) => isMap(follow(document, item))))
}
