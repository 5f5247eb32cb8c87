import { once } from "node:events"
import { IncomingMessage, ServerResponse } from "node:http"
import { Socket } from "node:net"
import { describe, expect, test } from "vitest"
import { createExchange, type Exchange } from "./exchange.ts"
import { waitUntilGone, waitWhileOpen } from "./wait.ts"

const FOREVER_MS = 3_600_000

function openExchange(): Exchange {
  const request = new IncomingMessage(new Socket())
  return createExchange(request, new ServerResponse(request))
}

async function closedExchange(): Promise<Exchange> {
  const exchange = openExchange()
  exchange.response.destroy()
  await once(exchange.response, "close")
  return exchange
}

describe("waiting while a client is there", () => {
  test("lasts as long as asked for", async () => {
    expect(await waitWhileOpen(openExchange(), 1)).toBe(true)
    expect(await waitWhileOpen(openExchange(), 0)).toBe(true)
  })

  test("leaves nothing behind, however often it is done", async () => {
    const exchange = openExchange()
    for (let times = 0; times < 20; times++) await waitWhileOpen(exchange, 0.1)
    expect(exchange.response.listenerCount("close")).toBe(1)
  })

  test("ends when the client goes away", async () => {
    const exchange = openExchange()
    const waiting = waitWhileOpen(exchange, FOREVER_MS)
    exchange.response.destroy()
    expect(await waiting).toBe(false)
  })

  test("does not begin for a client that has gone", async () => {
    expect(await waitWhileOpen(await closedExchange(), FOREVER_MS)).toBe(false)
    expect(await waitWhileOpen(await closedExchange(), 0)).toBe(false)
  })
})

describe("waiting until a client has gone", () => {
  test("ends when it goes", async () => {
    const exchange = openExchange()
    const waiting = waitUntilGone(exchange)
    exchange.response.destroy()
    await waiting
  })

  test("is over at once if it has gone already", async () => {
    await waitUntilGone(await closedExchange())
  })
})
