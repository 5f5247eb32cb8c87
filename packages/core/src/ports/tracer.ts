/** What a span stands for, in the words of OpenTelemetry. */
export type SpanKind = "internal" | "server" | "client" | "producer" | "consumer"

export type SpanAttribute = string | number | boolean | readonly string[]

/** By names of OpenTelemetry's conventions, or under `sluice.`. What is null or undefined is left out. */
export type SpanAttributes = Readonly<Record<string, SpanAttribute | null | undefined>>

export interface SpanStart {
  /** Of few different values: what varies belongs into attributes. */
  readonly name: string
  /** Default: `internal`. */
  readonly kind?: SpanKind
  /** A span of this process, or the `traceparent` of one elsewhere. Null begins a trace. */
  readonly parent: Span | string | null
  readonly attributes?: SpanAttributes
  /** Default: now. */
  readonly at?: Date
}

/** One step of a trace. None of its methods throws; after `end` they change nothing. */
export interface Span {
  /** False: nothing of it is kept, so it need not be described. */
  readonly isRecording: boolean
  /** For whoever goes on with the trace elsewhere (W3C Trace Context). Null: there is no trace to go on with. */
  readonly traceparent: string | null
  /** Gives it its name when it could not be known at the start. */
  rename(name: string): void
  set(attributes: SpanAttributes): void
  /** Something that happened meanwhile. Default of `at`: now. */
  add(event: { readonly name: string; readonly attributes?: SpanAttributes; readonly at?: Date }): void
  /** Marks it as failed by an error of this class, which becomes `error.type`. */
  fail(errorType: string): void
  /** Default of `at`: now. */
  end(at?: Date): void
}

/** Where steps are written down to be looked at later. */
export interface Tracer {
  /** Whether spans may hold prompts, answers and what providers say of them. */
  readonly keepsContent: boolean
  /** Begins a span; whoever begins it ends it. Whether it is kept its parent decides, where it has one. */
  start(span: SpanStart): Span
}
