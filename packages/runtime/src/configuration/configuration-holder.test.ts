import { expect, test } from "vitest"
import { createConfigurationHolder } from "./configuration-holder.ts"
import { parseConfiguration } from "./parse-configuration.ts"

const make = (tenant: string) => parseConfiguration({ fileName: "f", text: `endpoints: {}\nroutes: {}\ntenants: { ${tenant}: {} }` })

test("swaps whole, then tells the subscribers, whatever one of them does", () => {
  const [first, second, third] = [make("a"), make("b"), make("c")]
  const errors: unknown[] = []
  const holder = createConfigurationHolder({ initial: first, onListenerError: (error) => errors.push(error) })
  expect(holder.current()).toBe(first)

  const told: unknown[] = []
  const broken = new Error("broken listener")
  holder.subscribe(() => {
    throw broken
  })
  const unsubscribe = holder.subscribe((next, previous) => told.push([next, previous, holder.current()]))
  holder.replace(second)
  expect(holder.current()).toBe(second)
  expect(told).toEqual([[second, first, second]])
  expect(errors).toEqual([broken])

  unsubscribe()
  holder.replace(third)
  expect(told).toHaveLength(1)
  expect(errors).toHaveLength(2)
})
