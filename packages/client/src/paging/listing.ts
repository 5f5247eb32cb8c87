/** A page of a list; `nextCursor` is null on the last. */
export interface Page<T> {
  readonly data: readonly T[]
  readonly nextCursor: string | null
}

/**
 * A list that is fetched as it is read: `for await` goes through all its items, page by page. Each iteration begins anew.
 * Items that come to the list while it is read may be missed.
 */
export interface Listing<T> extends AsyncIterable<T> {
  /** The first page alone, or the one after `cursor` when the query had one. */
  page(): Promise<Page<T>>
  pages(): AsyncIterable<Page<T>>
}

/** A listing over a function that fetches the page at a cursor; undefined stands for the beginning. */
export function createListing<T>(fetchPage: (cursor: string | undefined) => Promise<Page<T>>, start?: string): Listing<T> {
  async function* pages() {
    let cursor = start
    do {
      const page = await fetchPage(cursor)
      yield page
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
  }
  return {
    page: () => fetchPage(start),
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const { data } of pages()) yield* data
    },
  }
}
