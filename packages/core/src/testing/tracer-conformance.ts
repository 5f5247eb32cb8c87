import { describe, expect, test } from "vitest"
import type { Tracer } from "../ports/tracer.ts"
import { traceIdOf, validTraceparent } from "../trace/traceparent.ts"
import type { TracedSpan } from "./memory-tracer.ts"

interface Opened {
  readonly tracer: Tracer
  readonly spans: () => Promise<readonly TracedSpan[]>
}

/** What every `Tracer` that writes something down promises. */
export function tracerConformance(name: string, open: () => Opened): void {
  describe(`${name} as a Tracer`, () => {
    test("a span has its name, kind, attributes, events and times", async () => {
      const { tracer, spans } = open()
      const at = new Date("2026-01-02T03:04:05.678Z")
      const span = tracer.start({ name: "first", kind: "client", parent: null, attributes: { a: 1, gone: null, list: ["x", "y"] }, at })
      span.rename("second")
      span.set({ b: "two", c: true, nothing: undefined })
      span.add({ name: "waited", attributes: { reason: "rate_limited", none: null }, at: new Date("2026-01-02T03:04:06Z") })
      span.end(new Date("2026-01-02T03:04:07Z"))
      expect(await spans()).toMatchObject([
        {
          name: "second",
          kind: "client",
          parentId: null,
          startedAt: at,
          endedAt: new Date("2026-01-02T03:04:07Z"),
          events: [{ name: "waited", at: new Date("2026-01-02T03:04:06Z"), attributes: { reason: "rate_limited" } }],
          failed: false,
        },
      ])
      const [written] = await spans()
      expect(written?.attributes).toEqual({ a: 1, list: ["x", "y"], b: "two", c: true })
      expect(written?.events[0]?.attributes).toEqual({ reason: "rate_limited" })
    })

    test("children share their parent's trace, in this process and elsewhere", async () => {
      const { tracer, spans } = open()
      const root = tracer.start({ name: "root", parent: null })
      const child = tracer.start({ name: "child", parent: root })
      const afar = tracer.start({ name: "afar", parent: child.traceparent })
      for (const span of [afar, child, root]) span.end()
      const byName = new Map((await spans()).map((span) => [span.name, span]))
      expect(new Set((await spans()).map(({ traceId }) => traceId)).size).toBe(1)
      expect(byName.get("child")?.parentId).toBe(byName.get("root")?.spanId)
      expect(byName.get("afar")?.parentId).toBe(byName.get("child")?.spanId)
      expect(validTraceparent(afar.traceparent ?? undefined)).toBe(afar.traceparent)
      expect(traceIdOf(afar.traceparent)).toBe(byName.get("afar")?.traceId)
    })

    test("a caller's trace is gone on with, and kept only if the caller keeps it", async () => {
      const { tracer, spans } = open()
      const traceId = "0af7651916cd43dd8448eb211c80319c"
      const kept = tracer.start({ name: "kept", parent: `00-${traceId}-b7ad6b7169203331-01` })
      const ignored = tracer.start({ name: "ignored", parent: `00-${traceId}-b7ad6b7169203331-00` })
      expect(kept.isRecording).toBe(true)
      expect(ignored.isRecording).toBe(false)
      expect(ignored.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`))
      for (const span of [kept, ignored]) span.end()
      expect(await spans()).toMatchObject([{ name: "kept", traceId, parentId: "b7ad6b7169203331" }])
    })

    test("a failed span says the class of its error; after its end nothing changes", async () => {
      const { tracer, spans } = open()
      const span = tracer.start({ name: "call", parent: null })
      span.fail("overloaded")
      span.end()
      span.set({ late: true })
      span.rename("late")
      span.end()
      expect(await spans()).toMatchObject([{ name: "call", failed: true, attributes: { "error.type": "overloaded" } }])
      expect((await spans())[0]?.attributes).not.toHaveProperty("late")
    })
  })
}
