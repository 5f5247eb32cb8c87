import { describe, expect, test, vi } from "vitest"
import { createErrorReporter } from "../connection/error-reporter.ts"
import { duePriority, firstStamp, handedBackPriority } from "../queue/bull-priority.ts"
import { createLineAttendant } from "./line-attendant.ts"

function setUp() {
  const errors: string[] = []
  const advance = vi.fn(() => Promise.resolve(false))
  const arrive = vi.fn((): Promise<"goes_on" | "left"> => Promise.resolve("goes_on"))
  const reporter = createErrorReporter({ onError: (error) => errors.push(error.message) })
  const attendant = createLineAttendant({ route: "chat", line: { advance, arrive }, reporter })
  const receive = async (data: unknown, priority: number): Promise<boolean> => {
    const isReceived = await attendant.receive({ id: "job_1-1", data, priority }, "token")
    await new Promise((resolve) => setImmediate(resolve))
    return isReceived
  }
  return { receive, advance, arrive, errors }
}

describe("a fetched entry", () => {
  test("from the line moves virtual time", async () => {
    const { receive, advance, arrive } = setUp()
    expect(await receive(["s:a", 4_000, 12_000], firstStamp)).toBe(true)
    expect(advance).toHaveBeenCalledExactlyOnceWith(12_000)
    expect(arrive).not.toHaveBeenCalled()
  })

  test("that was handed back does not", async () => {
    const { receive, advance, arrive } = setUp()
    expect(await receive(["s:a", 4_000, 12_000], handedBackPriority)).toBe(true)
    expect(await receive(["s:a", 4_000], handedBackPriority)).toBe(true)
    expect(advance).not.toHaveBeenCalled()
    expect(arrive).not.toHaveBeenCalled()
  })

  test.each([
    ["goes_on", true],
    ["left", false],
  ] as const)("whose set time has come: %s", async (outcome, isReceived) => {
    const { receive, arrive } = setUp()
    arrive.mockResolvedValueOnce(outcome)
    expect(await receive(["s:a", 4_000], duePriority)).toBe(isReceived)
    expect(arrive).toHaveBeenCalledExactlyOnceWith({ id: "job_1-1", flow: "s:a", step: 4_000 }, "token")
  })

  test("is worked on at once when Redis gives it no place", async () => {
    const { receive, arrive, errors } = setUp()
    arrive.mockRejectedValueOnce(new Error("OOM"))
    expect(await receive(["s:a", 4_000], duePriority)).toBe(true)
    expect(errors).toEqual(["Entry job_1-1 of route chat got no place in line and is worked on at once: OOM."])
  })

  test("is worked on when virtual time cannot be moved, and when it knows nothing of the line", async () => {
    const { receive, advance, errors } = setUp()
    advance.mockRejectedValueOnce(new Error("OOM"))
    expect(await receive(["s:a", 4_000, 1], firstStamp)).toBe(true)
    expect(await receive({}, firstStamp)).toBe(true)
    expect(advance).toHaveBeenCalledOnce()
    expect(errors).toEqual([])
  })
})
