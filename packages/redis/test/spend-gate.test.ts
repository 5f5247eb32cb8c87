import { setTimeout as sleep } from "node:timers/promises"
import { spendGateConformance } from "@sluice/core/testing"
import { Redis } from "ioredis"
import { expect, inject, onTestFinished, test, vi } from "vitest"
import { connectRedis, createSpendGate } from "../src/index.ts"
import { keysOf, untilAnswering } from "./support/connect.ts"

const of = { tenantId: "acme", day: new Date("2026-01-01T00:00:00.000Z"), budgetPicoUsd: 100 }

let namespaces = 0

async function open() {
  const namespace = `spend-${process.pid}-${Date.now()}-${++namespaces}`
  const client = new Redis(inject("redisUrl"))
  const redis = connectRedis({ url: inject("redisUrl"), namespace, onError: () => {} })
  await untilAnswering(redis)
  const forget = async () => {
    const keys = await keysOf(client, `*${namespace}`)
    if (keys.length > 0) await client.unlink(...keys)
  }
  const close = async () => {
    await redis.close()
    await forget()
    client.disconnect()
  }
  return { redis, client, namespace, forget, close }
}

async function openGate(leaseMs: number) {
  const opened = await open()
  onTestFinished(opened.close)
  const gate = createSpendGate({ redis: opened.redis, leaseMs })
  const reserve = (call: string, mostPicoUsd: number) => gate.reserve({ ...of, call, mostPicoUsd })
  const opens = () => vi.waitFor(async () => expect(await reserve("none", 1)).toEqual({ kind: "unopened", waitMs: 0 }), { timeout: 20_000 })
  return { ...opened, gate, reserve, opens }
}

spendGateConformance("Redis", async () => {
  const { redis, close } = await open()
  return { gate: createSpendGate({ redis }), close }
})

test("without memory nobody is let through before calls under way have told of themselves", async () => {
  const { gate, reserve, opens, forget } = await openGate(4_000)
  await opens()
  await gate.raise({ ...of, spentPicoUsd: 0 })
  expect(await reserve("long", 60)).toEqual({ kind: "reserved" })
  await forget()
  const waiting = await reserve("next", 60)
  expect(waiting.kind).toBe("unopened")
  expect(waiting.kind === "unopened" && waiting.waitMs).toBeGreaterThan(1_000)
  await gate.renew([{ ...of, call: "long", mostPicoUsd: 60 }])
  await opens()
  await gate.raise({ ...of, spentPicoUsd: 10 })
  expect(await reserve("next", 60)).toEqual({ kind: "busy", spentPicoUsd: 10 })
})

test("what is settled before the day is opened is added to what the books know", async () => {
  const { gate, reserve, opens } = await openGate(600)
  expect(await gate.settle({ ...of, call: "a", costPicoUsd: 30 })).toEqual({ spentPicoUsd: 0, isNearlyUsed: false })
  await opens()
  expect(await gate.raise({ ...of, spentPicoUsd: 50 })).toEqual({ spentPicoUsd: 80, isNearlyUsed: true })
  expect(await gate.raise({ ...of, spentPicoUsd: 50 })).toEqual({ spentPicoUsd: 80, isNearlyUsed: false })
  expect(await reserve("b", 21)).toMatchObject({ kind: "exhausted" })
})

test("the reservation of a worker that was lost ends by itself", async () => {
  const { gate, reserve, opens } = await openGate(600)
  await opens()
  await gate.raise({ ...of, spentPicoUsd: 0 })
  expect(await reserve("lost", 100)).toEqual({ kind: "reserved" })
  expect(await reserve("next", 100)).toMatchObject({ kind: "busy" })
  await sleep(700)
  expect(await reserve("next", 100)).toEqual({ kind: "reserved" })
})

test("everything of a tenant's day is removed some days later", async () => {
  const { gate, reserve, opens, client, namespace } = await openGate(600)
  await opens()
  await gate.raise({ ...of, spentPicoUsd: 0 })
  await reserve("a", 1)
  const keys = (await keysOf(client, `*${namespace}`)).filter((key) => !key.endsWith("since"))
  expect(keys).toHaveLength(3)
  for (const key of keys) expect(await client.pttl(key)).toBeGreaterThan(0)
})
