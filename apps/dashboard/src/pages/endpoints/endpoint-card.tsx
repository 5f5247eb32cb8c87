import type { EndpointResource, EndpointStatsResource } from "@sluice/core"
import { formatDuration } from "../../format/duration.ts"
import { formatCompact, formatShare } from "../../format/numbers.ts"
import { Chip } from "../../kit/chip.tsx"
import { Meter } from "../../kit/meter.tsx"
import { type Fact, Facts } from "../../kit/page.tsx"
import { Sparkline } from "../../kit/sparkline.tsx"
import { Time, useNow } from "../../kit/time.tsx"
import { BreakerActions } from "./breaker-actions.tsx"
import { BreakerChip } from "./breaker-chip.tsx"
import { BreakerStrip } from "./breaker-strip.tsx"
import { rankedErrors, reasonOf } from "./breaker-words.ts"
import type { Span } from "./strip-segments.ts"

type Stats = EndpointStatsResource["data"][number]

export interface EndpointCardProps {
  readonly endpoint: EndpointResource
  /** Undefined: it was not called in this time, or the figures have not come yet. */
  readonly stats: Stats | undefined
  readonly span: Span
  readonly mayOperate: boolean
}

/** One endpoint: how its breaker is and was, how its calls fared, and how much of its allowance is used. */
export function EndpointCard({ endpoint, stats, span, mayOperate }: EndpointCardProps) {
  const { name, provider, model, region, breaker } = endpoint
  return (
    <section className="panel endpoint" aria-label={name}>
      <div className="panel-head">
        <div className="endpoint-name">
          <h2 className="mono">{name}</h2>
          <span className="small soft">{[provider, model, region].filter((part) => part !== null).join(" · ")}</span>
        </div>
        <div className="row">
          <Conditions endpoint={endpoint} />
          <BreakerChip state={breaker.state} forced={breaker.forced} />
          {mayOperate && <BreakerActions endpoint={endpoint} />}
        </div>
      </div>
      <div className="panel-body endpoint-body">
        <div className="stack">
          <div>
            <BreakerStrip history={breaker.history} span={span} />
            <p className="endpoint-axis small soft" aria-hidden="true">
              <span>{formatDuration(span.toMs - span.fromMs)} ago</span>
              <span>now</span>
            </p>
          </div>
          <Facts facts={factsOf(stats)} />
          <Errors stats={stats} />
        </div>
        <div className="stack endpoint-use">
          <Allowance endpoint={endpoint} />
          {stats && <Courses stats={stats} />}
        </div>
      </div>
      <Changes endpoint={endpoint} />
    </section>
  )
}

function Conditions({ endpoint: { disabled, pausedUntil, breaker } }: { readonly endpoint: EndpointResource }) {
  return (
    <>
      {disabled && (
        <Chip tone="bad" icon="warning">
          {disabled.reason === "credential" ? "credential rejected" : "quota used up"} · tried again <Time at={disabled.until} as="ago" />
        </Chip>
      )}
      {pausedUntil !== null && (
        <Chip tone="warn" icon="clock">
          asked to wait, goes on <Time at={pausedUntil} as="ago" />
        </Chip>
      )}
      {breaker.forced !== null && <HeldBy breaker={breaker} />}
      {breaker.openUntil !== null && <Probing at={breaker.openUntil} />}
    </>
  )
}

function HeldBy({ breaker: { history } }: Pick<EndpointResource, "breaker">) {
  const [last] = history
  if (!last?.by) return null
  return (
    <span className="small soft">
      by {last.by} <Time at={last.at} as="ago" />
    </span>
  )
}

/** An open breaker changes with the first call after its time, not by itself. */
function Probing({ at }: { readonly at: string }) {
  const isDue = useNow() >= Date.parse(at)
  return (
    <span className="small soft">
      {isDue ? (
        "probed by the next call"
      ) : (
        <>
          probed <Time at={at} as="ago" />
        </>
      )}
    </span>
  )
}

const none = <span className="soft">–</span>

function factsOf(stats: Stats | undefined): readonly Fact[] {
  const latency = (ms: number | null | undefined) => (ms === null || ms === undefined ? none : formatDuration(ms))
  const share = stats?.successShare
  return [
    { label: "Calls", value: formatCompact(stats?.calls ?? 0) },
    { label: "Answered", value: share === null || share === undefined ? none : formatShare(share) },
    { label: "p50", value: latency(stats?.latencyMs.p50) },
    { label: "p95", value: latency(stats?.latencyMs.p95) },
    { label: "p99", value: latency(stats?.latencyMs.p99) },
  ]
}

function Errors({ stats }: { readonly stats: Stats | undefined }) {
  const errors = rankedErrors(stats?.errors ?? {})
  if (errors.length === 0) return <p className="small soft">{stats ? "No call failed in this time." : "Not called in this time."}</p>
  return (
    <ul className="row" aria-label="Failed calls by class of error">
      {errors.map(([type, count]) => (
        <li key={type}>
          <Chip tone="bad" icon="cross">
            {type} {formatCompact(count)}
          </Chip>
        </li>
      ))}
    </ul>
  )
}

function Allowance({ endpoint }: { readonly endpoint: EndpointResource }) {
  const { requestsPerMinute, tokensPerMinute, inFlight, concurrencyCap } = endpoint
  return (
    <>
      <Meter label="In flight" value={inFlight} limit={concurrencyCap} />
      {requestsPerMinute && <Meter label="Requests a minute" value={requestsPerMinute.used} limit={requestsPerMinute.limit} />}
      {tokensPerMinute && <Meter label="Tokens a minute" value={tokensPerMinute.used} limit={tokensPerMinute.limit} />}
    </>
  )
}

function Courses({ stats: { steps } }: { readonly stats: Stats }) {
  return (
    <div className="endpoint-courses">
      <div>
        <p className="small soft">Calls</p>
        <Sparkline values={steps.map(({ calls }) => calls)} label="Calls over time" />
      </div>
      <div>
        <p className="small soft">p95</p>
        <Sparkline values={steps.map(({ p95 }) => p95)} label="95th percentile of latency over time" />
      </div>
    </div>
  )
}

const shownChanges = 12

function Changes({ endpoint: { name, breaker } }: { readonly endpoint: EndpointResource }) {
  if (breaker.history.length === 0) return null
  return (
    <details className="endpoint-changes">
      <summary>
        Changes of the breaker <span className="unseen">of {name}</span>{" "}
        <span className="soft">{breaker.history.length === 100 ? "100 or more" : breaker.history.length}</span>
      </summary>
      <ol>
        {breaker.history.slice(0, shownChanges).map((change) => (
          <li key={`${change.at} ${change.state}`}>
            <Time at={change.at} />
            <BreakerChip state={change.state} forced={null} />
            <span>{reasonOf(change)}</span>
          </li>
        ))}
      </ol>
    </details>
  )
}
