import { hostname } from "node:os"
import { expect, test } from "vitest"
import { createWorkerId } from "./create-worker-id.ts"

test("says where the process runs", () => {
  expect(createWorkerId({ host: "node-7.example", pid: 41, random: "c0ffee00" })).toBe("node-7.example-41-c0ffee00")
  expect(createWorkerId()).toContain(`-${process.pid}-`)
  expect(createWorkerId().startsWith(hostname().slice(0, 1).toLowerCase())).toBe(true)
})

test("is another for each process, and plain whatever the host is called", () => {
  expect(createWorkerId()).not.toBe(createWorkerId())
  expect(createWorkerId({ host: "Büro {1}:x", pid: 1, random: "0" })).toBe("b-ro-1-x-1-0")
  expect(createWorkerId({ host: "", pid: 1, random: "0" })).toBe("host-1-0")
  expect(createWorkerId({ host: "x".repeat(300) }).length).toBeLessThan(64)
})
