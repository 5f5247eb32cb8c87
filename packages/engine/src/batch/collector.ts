import type { BatchBounds } from "@sluice/core"

/** How much room something takes in a call. */
export interface BatchSize {
  readonly texts: number
  readonly tokens: number
  readonly bytes: number
}

export interface Collectable {
  readonly size: BatchSize
  /** Aborted when it need not be sent any more. */
  readonly gone: AbortSignal
}

export interface CollectorOptions<Item> {
  /** How long the first waits for others when nothing is under way. */
  readonly lingerMs: number
  /** The same while a batch of the same key is under way; its end lets the next go at once. */
  readonly maxWaitMs: number
  /** Must not reject. */
  readonly send: (items: readonly Item[]) => Promise<void>
}

export interface Collector<Item> {
  add(item: Item, to: { readonly key: string; readonly bounds: BatchBounds }): void
}

interface Line<Item> {
  items: Item[]
  size: BatchSize
  timer: NodeJS.Timeout | null
  underWay: number
}

const nothing: BatchSize = { texts: 0, tokens: 0, bytes: 0 }

/**
 * Gathers what comes under one key and sends it together: as soon as no more fits, after a short wait when nothing is under way,
 * and otherwise when what is under way has ended, but not much later.
 */
export function createCollector<Item extends Collectable>({ lingerMs, maxWaitMs, send }: CollectorOptions<Item>): Collector<Item> {
  const lines = new Map<string, Line<Item>>()

  function flush(key: string, line: Line<Item>): void {
    if (line.timer) clearTimeout(line.timer)
    line.timer = null
    const items = line.items.filter(({ gone }) => !gone.aborted)
    line.items = []
    line.size = nothing
    if (items.length > 0) void dispatch(key, line, items)
    else if (line.underWay === 0) lines.delete(key)
  }

  async function dispatch(key: string, line: Line<Item>, items: readonly Item[]): Promise<void> {
    line.underWay += 1
    await send(items)
    line.underWay -= 1
    if (line.items.length > 0 || line.underWay === 0) flush(key, line)
  }

  return {
    add(item, { key, bounds }) {
      const line = lines.get(key) ?? { items: [], size: nothing, timer: null, underWay: 0 }
      if (line.items.length > 0 && !fits(plus(line.size, item.size), bounds)) flush(key, line)
      lines.set(key, line)
      line.items.push(item)
      line.size = plus(line.size, item.size)
      if (line.size.texts >= bounds.maxTexts) flush(key, line)
      else line.timer ??= setTimeout(() => flush(key, line), line.underWay > 0 ? maxWaitMs : lingerMs)
    },
  }
}

export function fits({ texts, tokens, bytes }: BatchSize, { maxTexts, maxTokens, maxBytes }: BatchBounds): boolean {
  return texts <= maxTexts && tokens <= maxTokens && bytes <= maxBytes
}

export function plus(a: BatchSize, b: BatchSize): BatchSize {
  return { texts: a.texts + b.texts, tokens: a.tokens + b.tokens, bytes: a.bytes + b.bytes }
}
