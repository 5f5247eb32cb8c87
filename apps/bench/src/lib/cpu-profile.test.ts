import { expect, test } from "vitest"
import { sharesOf } from "./cpu-profile.ts"

const frames = {
  1: { functionName: "(idle)", url: "" },
  2: { functionName: "serialize", url: "file:///x/node_modules/.pnpm/bson@7.0.0/node_modules/bson/lib/bson.cjs" },
  3: { functionName: "run", url: "file:///x/packages/engine/src/execute/execute-job.ts" },
  4: { functionName: "emit", url: "node:events" },
  5: { functionName: "(garbage collector)", url: "" },
  6: { functionName: "writev", url: "" },
  7: { functionName: "of a scope", url: "file:///x/node_modules/@scope/name/index.js" },
}

test("tells where a process was, of the time in which it did anything", () => {
  const nodes = Object.entries(frames).map(([id, callFrame]) => ({ id: Number(id), callFrame }))
  const profile = { nodes, samples: [1, 2, 3, 2, 4, 5, 6, 7], timeDeltas: [1_000, 20, 10, 20, 10, 10, 10, 20] }
  expect(sharesOf(profile)).toEqual([
    { where: "bson", share: 0.4 },
    { where: "@scope/name", share: 0.2 },
    { where: "packages/engine", share: 0.1 },
    { where: "node", share: 0.1 },
    { where: "(garbage collector)", share: 0.1 },
    { where: "native", share: 0.1 },
  ])
})
