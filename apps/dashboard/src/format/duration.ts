const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** A duration for people: two units at most, `840 ms`, `1.2 s`, `3 min 20 s`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < secondMs) return `${Math.round(ms)} ms`
  if (ms < 9_950) return `${(ms / secondMs).toFixed(1)} s`
  if (ms < minuteMs - 500) return `${Math.round(ms / secondMs)} s`
  if (ms < hourMs) return twoUnits(ms, { big: minuteMs, small: secondMs, names: ["min", "s"] })
  if (ms < dayMs) return twoUnits(ms, { big: hourMs, small: minuteMs, names: ["h", "min"] })
  return twoUnits(ms, { big: dayMs, small: hourMs, names: ["d", "h"] })
}

interface Units {
  readonly big: number
  readonly small: number
  readonly names: readonly [string, string]
}

function twoUnits(ms: number, { big, small, names }: Units): string {
  const rounded = Math.round(ms / small) * small
  const rest = Math.floor((rounded % big) / small)
  const text = `${Math.floor(rounded / big)} ${names[0]}`
  return rest === 0 ? text : `${text} ${rest} ${names[1]}`
}
