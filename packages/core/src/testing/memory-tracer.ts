import type { Span, SpanAttribute, SpanAttributes, SpanKind, Tracer } from "../ports/tracer.ts"
import { traceIdOf } from "../trace/traceparent.ts"

export interface TracedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | null
  readonly name: string
  readonly kind: SpanKind
  readonly startedAt: Date
  readonly endedAt: Date
  readonly attributes: Readonly<Record<string, SpanAttribute>>
  readonly events: readonly { readonly name: string; readonly at: Date; readonly attributes: Readonly<Record<string, SpanAttribute>> }[]
  readonly failed: boolean
}

export interface MemoryTracer extends Tracer {
  /** Spans that have ended, in that order. */
  spans(): readonly TracedSpan[]
}

type Growing = { -readonly [Key in keyof TracedSpan]: TracedSpan[Key] } & { readonly events: TracedSpan["events"][number][] }

/** Keeps spans in an array. A parent whose flag says that it is not sampled has children that are not kept. */
export function createMemoryTracer({ keepsContent = false }: { readonly keepsContent?: boolean } = {}): MemoryTracer {
  const ended: TracedSpan[] = []
  let count = 0
  const newId = (digits: number) => (++count).toString(16).padStart(digits, "0")

  return {
    keepsContent,
    spans: () => [...ended],
    start({ name, kind = "internal", parent, attributes = {}, at = new Date() }) {
      const above = parent === null || typeof parent === "string" ? parent : parent.traceparent
      const traceId = traceIdOf(above) ?? newId(32)
      const isRecording = above === null || (Number.parseInt(above.slice(-2), 16) & 1) === 1
      const span: Growing = {
        ...{ traceId, spanId: newId(16), parentId: above?.slice(36, 52) ?? null, name, kind },
        ...{ startedAt: at, endedAt: at, attributes: present(attributes), events: [], failed: false },
      }
      return recorder(span, { isRecording, onEnd: () => ended.push(span) })
    },
  }
}

function recorder(span: Growing, { isRecording, onEnd }: { readonly isRecording: boolean; readonly onEnd: () => void }): Span {
  let isOpen = isRecording
  const whileOpen = (change: () => void) => {
    if (isOpen) change()
  }
  const set = (attributes: SpanAttributes) =>
    whileOpen(() => {
      span.attributes = { ...span.attributes, ...present(attributes) }
    })
  return {
    isRecording,
    traceparent: `00-${span.traceId}-${span.spanId}-0${isRecording ? 1 : 0}`,
    rename: (name) =>
      whileOpen(() => {
        span.name = name
      }),
    set,
    add: ({ name, attributes = {}, at = new Date() }) => whileOpen(() => span.events.push({ name, at, attributes: present(attributes) })),
    fail(errorType) {
      set({ "error.type": errorType })
      whileOpen(() => {
        span.failed = true
      })
    },
    end: (at = new Date()) =>
      whileOpen(() => {
        isOpen = false
        span.endedAt = at
        onEnd()
      }),
  }
}

function present(attributes: SpanAttributes): Record<string, SpanAttribute> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, value]])),
  )
}
