import type { CandidateRequest, ResultCache } from "@sluice/core"
import { createMemoryResultCache } from "@sluice/core/testing"
import { describe, expect, test, vi } from "vitest"
import { createCandidateReader, maxCandidates } from "./candidate-reader.ts"

const request = { tenantId: "t", route: "chat", scope: "s", space: "v" }

function setUp(answer: ResultCache["candidates"] = () => Promise.resolve([]), maxLists = 2) {
  let now = new Date(0)
  const candidates = vi.fn(answer)
  const read = createCandidateReader({
    cache: { ...createMemoryResultCache(), candidates },
    clock: () => now,
    keepMs: 1_000,
    maxLists,
  })
  return { read, candidates, moveTo: (ms: number) => (now = new Date(ms)) }
}

describe("reading candidates", () => {
  test("asks once for those of one moment, and again later", async () => {
    const { read, candidates, moveTo } = setUp()
    await Promise.all([read(request), read(request)])
    moveTo(999)
    await read(request)
    expect(candidates.mock.calls).toEqual([[{ ...request, at: new Date(0), limit: maxCandidates }]])
    moveTo(1_000)
    await read(request)
    expect(candidates).toHaveBeenCalledTimes(2)
  })

  test("keeps tenants, routes, scopes and spaces apart", async () => {
    const found = ({ tenantId, route, scope, space }: Omit<CandidateRequest, "at" | "limit">) => [
      { requestKey: [tenantId, route, scope, space].join("/"), values: Float32Array.of(1), freshUntil: new Date(0) },
    ]
    const { read } = setUp((asked) => Promise.resolve(found(asked)))
    const others = [
      request,
      { ...request, tenantId: "u" },
      { ...request, route: "r" },
      { ...request, scope: "x" },
      { ...request, space: "w" },
    ]
    for (const other of [...others, ...others]) expect(await read(other)).toEqual(found(other))
  })

  test("keeps a bounded number of lists, the latest", async () => {
    const { read, candidates } = setUp()
    const ask = (scope: string) => read({ ...request, scope })
    for (const scope of ["1", "2", "3"]) await ask(scope)
    await ask("3")
    await ask("2")
    expect(candidates).toHaveBeenCalledTimes(3)
    await ask("1")
    expect(candidates).toHaveBeenCalledTimes(4)
  })

  test("counts a list that is read again as read now", async () => {
    const { read, candidates, moveTo } = setUp(undefined, 3)
    const ask = (scope: string) => read({ ...request, scope })
    await ask("1")
    moveTo(500)
    await ask("2")
    moveTo(1_000)
    for (const scope of ["1", "3", "4", "1"]) await ask(scope)
    expect(candidates.mock.calls.map(([{ scope }]) => scope)).toEqual(["1", "2", "1", "3", "4"])
  })

  test("does not keep a failure", async () => {
    let isDown = true
    const { read } = setUp(() => (isDown ? Promise.reject(new Error("down")) : Promise.resolve([])))
    await expect(read(request)).rejects.toThrow("down")
    isDown = false
    expect(await read(request)).toEqual([])
  })
})
