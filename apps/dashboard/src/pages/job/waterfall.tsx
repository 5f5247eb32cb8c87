import type { AttemptStart, JobResource } from "@sluice/core"
import { formatDuration } from "../../format/duration.ts"
import { useNow } from "../../kit/time.tsx"
import { type Span, type Timeline, timelineOf } from "./timeline.ts"
import "./waterfall.css"

/** The job's last run as bars over time: what it waited for, each call, each delivery. */
export function Waterfall({ job, current }: { readonly job: JobResource; readonly current: AttemptStart | null }) {
  const nowMs = Math.max(useNow(), Date.parse(current?.startedAt ?? job.createdAt))
  const timeline = timelineOf({
    job,
    attempts: job.attempts ?? [],
    waits: job.waits ?? [],
    current,
    deliveries: job.deliveries ?? [],
    nowMs,
  })
  if (timeline.spans.length === 0) return <p className="soft">It ended before anything could be seen of it.</p>
  return (
    <div className="waterfall">
      <ol>
        {timeline.spans.map((span) => (
          <Row key={span.key} span={span} timeline={timeline} />
        ))}
      </ol>
      <div className="waterfall-row" aria-hidden="true">
        <span className="waterfall-axis small soft">
          {[0, 0.5, 1].map((part) => (
            <span key={part}>{formatDuration((timeline.toMs - timeline.fromMs) * part)}</span>
          ))}
        </span>
      </div>
    </div>
  )
}

function Row({ span, timeline: { fromMs, toMs } }: { readonly span: Span; readonly timeline: Timeline }) {
  const whole = toMs - fromMs
  const percent = (ms: number) => `${(ms / whole) * 100}%`
  return (
    <li className="waterfall-row">
      <span className="waterfall-label">
        <span className="cut">{span.label}</span>
        <span className="small soft cut" title={span.detail}>
          {span.detail}
        </span>
      </span>
      <span className="waterfall-track">
        <span
          className={`waterfall-bar bar-${span.kind} bar-${span.outcome}`}
          style={{ left: percent(span.fromMs - fromMs), width: percent(span.toMs - span.fromMs) }}
        />
      </span>
      <span className="waterfall-time number">{formatDuration(span.toMs - span.fromMs)}</span>
    </li>
  )
}
