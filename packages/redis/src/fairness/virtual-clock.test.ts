import { describe, expect, test, vi } from "vitest"
import { createVirtualClock } from "./virtual-clock.ts"

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe("the virtual clock", () => {
  test("passes on the latest start of each turn of the event loop, and nothing when there was none", async () => {
    const advance = vi.fn(() => Promise.resolve(false))
    const clock = createVirtualClock(advance)
    for (const start of [3, 9, 0, 4]) clock.observe(start)
    expect(advance).not.toHaveBeenCalled()
    await turn()
    await turn()
    expect(advance.mock.calls).toEqual([[9]])
    // Redis may have lost its memory: what is earlier than before is not held back.
    clock.observe(1)
    await turn()
    expect(advance.mock.calls).toEqual([[9], [1]])
  })

  test("repeats until nothing is left to do, once at a time, and goes on after a failure", async () => {
    const answers = [true, true, false, true]
    const first = Promise.withResolvers<boolean>()
    const advance = vi.fn(() => Promise.resolve(answers.shift() ?? false))
    advance.mockReturnValueOnce(first.promise)
    const clock = createVirtualClock(advance)
    clock.observe(1)
    await turn()
    clock.observe(2)
    await turn()
    expect(advance.mock.calls).toEqual([[1], [2]])
    first.resolve(true)
    await turn()
    expect(advance.mock.calls).toEqual([[1], [2], [1], [1]])

    advance.mockRejectedValueOnce(new Error("OOM"))
    clock.observe(3)
    await turn()
    clock.observe(4)
    await turn()
    expect(advance.mock.calls.slice(4)).toEqual([[3], [4], [4]])
  })
})
