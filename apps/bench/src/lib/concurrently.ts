/** Runs `work` for 0 .. count-1, so many at a time. */
export async function concurrently(count: number, concurrency: number, work: (index: number) => Promise<void>): Promise<void> {
  const indexes = Array.from({ length: count }, (_, index) => index)[Symbol.iterator]()
  const lane = async () => {
    for (const index of indexes) await work(index)
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
}
